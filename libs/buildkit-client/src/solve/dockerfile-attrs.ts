/** What the processes of each RUN step may take together; what is not given has no limit of its own. */
export interface StepLimits {
  /** Without the swap of the machine. Who takes more is killed. */
  readonly memoryBytes?: number;
  /** Thousandths of a CPU; less than 10 are 10. Who wants more waits. */
  readonly cpuMillis?: number;
}

/** What is attached to an image, which becomes an index by it (moby/buildkit `docs/attestations`). */
export interface Attestations {
  /** How it was made (SLSA); `max` tells build arguments, too. */
  readonly provenance?: 'min' | 'max';
  /** An image that lists what is in it (moby/buildkit `docs/attestations/sbom-protocol.md`). */
  readonly sbomGenerator?: string;
}

/** What the Dockerfile frontend is told. Only what is named here can be told: the frontend knows more, and more dangerous, attributes. */
export interface DockerfileOptions {
  /** Name of the Dockerfile within its folder; default `Dockerfile`. */
  readonly filename?: string | undefined;
  /** The stage to build; default the last one. */
  readonly target?: string | undefined;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  /** Stands for the time of whatever is made (`SOURCE_DATE_EPOCH`, reproducible-builds.org); a build argument of that name wins. */
  readonly time?: Date | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** E.g. `linux/amd64`; default the daemon's own. Several make an image index. */
  readonly platforms?: readonly string[] | undefined;
  /** Runs every step again. */
  readonly isNoCache?: boolean | undefined;
  /**
   * A name of this machine in the `/etc/hosts` of RUN steps. It is a part of their cache keys (moby/buildkit
   * `solver/llbsolver/ops/exec.go`), as secrets that they are given are not: what was run with one name is never taken for what is
   * run with another. A host name would be, too, but then steps get no network of the pool (`util/network/cniprovider/cni.go`).
   */
  readonly stepScope?: string | undefined;
  /** Keeps `RUN --mount=type=cache` apart from those of other namespaces; without it they are shared by all builds. */
  readonly cacheMountNamespace?: string | undefined;
  /** Set by the container runtime as limits of each step's control group, of cgroup v1 or v2. They are no part of the cache key. */
  readonly stepLimits?: StepLimits | undefined;
  readonly attestations?: Attestations | undefined;
  /** Where the source comes from, for the provenance; `''` for what is not known. */
  readonly vcs?: { readonly source: string; readonly revision: string } | undefined;
}

const CPU_PERIOD_US = 100_000;
/** The kernel takes no less. */
const MIN_CPU_QUOTA_US = 1000;

function limitAttrs({ memoryBytes, cpuMillis }: StepLimits): Record<string, string> {
  const attrs: Record<string, string> = {};
  if (memoryBytes !== undefined) attrs['memory'] = String(memoryBytes);
  if (cpuMillis !== undefined) {
    attrs['cpuperiod'] = String(CPU_PERIOD_US);
    attrs['cpuquota'] = String(Math.max(MIN_CPU_QUOTA_US, Math.round((cpuMillis * CPU_PERIOD_US) / 1000)));
  }
  return attrs;
}

function attestationAttrs({ provenance, sbomGenerator }: Attestations): Record<string, string> {
  return {
    ...(provenance === undefined ? {} : { 'attest:provenance': `mode=${provenance},version=v1` }),
    ...(sbomGenerator === undefined ? {} : { 'attest:sbom': `generator=${sbomGenerator}` }),
  };
}

/** Build arguments of this prefix steer the frontend itself, up to replacing it by another image. */
const RESERVED_PREFIX = 'BUILDKIT_';

/**
 * Makes the attributes of the Dockerfile frontend (moby/buildkit `frontend/dockerui/config.go`).
 *
 * @throws {TypeError} for a build argument that begins with `BUILDKIT_`
 */
export function dockerfileAttrs(options: DockerfileOptions): Record<string, string> {
  const attrs: Record<string, string> = {
    filename: options.filename ?? 'Dockerfile',
    // With a command line of its own the frontend does not look for `# syntax=`, which would replace it by an image.
    cmdline: 'dockerfile.v0',
    ...limitAttrs(options.stepLimits ?? {}),
    ...attestationAttrs(options.attestations ?? {}),
  };
  if (options.target !== undefined) attrs['target'] = options.target;
  if (options.stepScope !== undefined) attrs['add-hosts'] = `${options.stepScope}=127.0.0.1`;
  if (options.isNoCache === true) attrs['no-cache'] = '';
  if (options.platforms !== undefined && options.platforms.length > 0) attrs['platform'] = options.platforms.join(',');
  for (const [name, value] of Object.entries(options.labels ?? {})) attrs[`label:${name}`] = value;
  if (options.time !== undefined)
    attrs['build-arg:SOURCE_DATE_EPOCH'] = String(Math.floor(options.time.getTime() / 1000));
  for (const [name, value] of Object.entries(options.buildArgs ?? {})) {
    if (name.startsWith(RESERVED_PREFIX))
      throw new TypeError(`Cannot use build argument "${name}": the name is reserved`);
    attrs[`build-arg:${name}`] = value;
  }
  for (const [name, value] of Object.entries(options.vcs ?? {})) if (value !== '') attrs[`vcs:${name}`] = value;
  if (options.cacheMountNamespace !== undefined) {
    attrs['build-arg:BUILDKIT_CACHE_MOUNT_NS'] = options.cacheMountNamespace;
  }
  return attrs;
}
