/** How RUN steps reach the network. */
export type BuildkitdNetwork =
  | { readonly mode: 'host' }
  /** A network of their own, made by the CNI plugins in `binaryPath` as the file `configPath` says. */
  | { readonly mode: 'cni'; readonly configPath: string; readonly binaryPath: string };

/** How a registry is reached. */
export interface BuildkitdRegistry {
  readonly isPlainHttp?: boolean;
  /** `host:port/path` of registries that are asked first. */
  readonly mirrors?: readonly string[];
}

/** What buildkitd is told at its start. */
export interface BuildkitdConfig {
  readonly network: BuildkitdNetwork;
  /** By host and port. */
  readonly registries: Readonly<Record<string, BuildkitdRegistry>>;
  /** Name servers of RUN steps; empty for those of the machine. */
  readonly dnsNameservers?: readonly string[];
  /** Steps that run at the same time, of all solves together; default 4. */
  readonly maxParallelism?: number;
}

/** Strings of TOML and of JSON have the same escapes, for what JSON.stringify() writes. */
const quote = (text: string) => JSON.stringify(text);

function renderNetwork(network: BuildkitdNetwork): string[] {
  if (network.mode === 'host') return ['  networkMode = "host"'];
  return [
    '  networkMode = "cni"',
    `  cniConfigPath = ${quote(network.configPath)}`,
    `  cniBinaryPath = ${quote(network.binaryPath)}`,
  ];
}

function renderRegistry([host, { isPlainHttp = false, mirrors = [] }]: [string, BuildkitdRegistry]): string[] {
  return [
    `[registry.${quote(host)}]`,
    ...(isPlainHttp ? ['  http = true'] : []),
    ...(mirrors.length > 0 ? [`  mirrors = [${mirrors.map(quote).join(', ')}]`] : []),
  ];
}

/**
 * Writes buildkitd's configuration (moby/buildkit `docs/buildkitd.toml.md`). What is not an option is decided: no
 * foreign frontends, no entitlements, and local sources live long enough for the next build to profit.
 */
export function renderBuildkitdConfig(config: BuildkitdConfig): string {
  const { network, registries, dnsNameservers = [], maxParallelism = 4 } = config;
  return [
    '[log]',
    '  format = "json"',
    '[history]',
    '  maxAge = 3600',
    '  maxEntries = 50',
    '[frontend."gateway.v0"]',
    '  enabled = false',
    ...(dnsNameservers.length > 0 ? ['[dns]', `  nameservers = [${dnsNameservers.map(quote).join(', ')}]`] : []),
    '[worker.containerd]',
    '  enabled = false',
    '[worker.oci]',
    `  max-parallelism = ${maxParallelism}`,
    '  gc = true',
    ...renderNetwork(network),
    // Without a rule of their own local sources are dropped above 512 MB, and large contexts are sent whole each time.
    '  [[worker.oci.gcpolicy]]',
    '    filters = ["type==source.local", "type==exec.cachemount", "type==source.git.checkout"]',
    '    keepDuration = "168h"',
    '    maxUsedSpace = "20%"',
    '  [[worker.oci.gcpolicy]]',
    '    all = true',
    // Of the disk: what is reserved is never cleaned, and would be all of a small one if it were a number.
    '    reservedSpace = "10%"',
    '    maxUsedSpace = "60%"',
    '    minFreeSpace = "10%"',
    ...Object.entries(registries).flatMap(renderRegistry),
    '',
  ].join('\n');
}
