import type { SourceOp } from '../generated/github.com/moby/buildkit/solver/pb/ops.js';

/** A host and a port that the daemon asks for a source. */
export interface SourcePlace {
  readonly host: string;
  readonly port: number;
}

const GIT = 'git://';
/** moby/buildkit `solver/pb/attr.go`: the address as it was written; the identifier has it without its scheme. */
const GIT_ADDRESS = 'git.fullurl';
/** moby/buildkit `util/sshutil/scpurl.go`. */
const SCP_LIKE = /^[\w-]+@([\w.-]+):/;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ssh:': 22, 'git:': 9418 };

function placeOfAddress(address: string): SourcePlace | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname: host, port } = new URL(address);
  const defaultPort = DEFAULT_PORTS[protocol];
  return host === '' || defaultPort === undefined ? undefined : { host, port: Number(port) || defaultPort };
}

function placeOfGit({ identifier, attrs }: SourceOp): SourcePlace | undefined {
  const address = attrs[GIT_ADDRESS] ?? identifier.slice(GIT.length);
  const [, host] = SCP_LIKE.exec(address) ?? [];
  if (host !== undefined) return { host, port: 22 };
  return placeOfAddress(address.includes('://') ? address : `https://${address}`);
}

/** Tells whom the daemon asks for a source of `ADD`; `undefined`: it cannot be told. */
export function placeOfSource(source: SourceOp): SourcePlace | undefined {
  return source.identifier.startsWith(GIT) ? placeOfGit(source) : placeOfAddress(source.identifier);
}
