import { registryHostFromServer } from './registry-server.js';

/** A reference to an image, in the words of the OCI image spec. */
export interface ImageReference {
  /** Host of the registry with its port, e.g. `docker.io` or `localhost:5000`. */
  readonly registry: string;
  /** Path of the repository, e.g. `library/busybox`. */
  readonly repository: string;
  /** Tag, when the reference names one or, with neither tag nor digest, `latest`. */
  readonly tag?: string;
  /** Digest, e.g. `sha256:…`. It wins over the tag. */
  readonly digest?: string;
}

const DOCKER_HUB = 'docker.io';
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
/** Names and IPv4 addresses, or an IPv6 address in brackets, with a port or without. */
const HOST =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;

function splitRegistry(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost';
  const registry = isHost ? registryHostFromServer(first) : DOCKER_HUB;
  const repository = isHost ? name.slice(slash + 1) : name;
  const isOfficial = registry === DOCKER_HUB && !repository.includes('/');
  return { registry, repository: isOfficial ? `library/${repository}` : repository };
}

/**
 * Reads an image reference as Docker does: no host means `docker.io`, and so do the other names of Docker Hub; one path
 * component there means `library/…`; neither tag nor digest means `latest`.
 *
 * @throws {SyntaxError} when the text is no reference
 */
export function parseImageReference(text: string): ImageReference {
  const fail = () => new SyntaxError(`Cannot read image reference "${text}": expected [host/]name[:tag][@sha256:…]`);
  const [named = '', digest, ...rest] = text.split('@');
  if (rest.length > 0 || (digest !== undefined && !DIGEST.test(digest))) throw fail();
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  const { registry, repository } = splitRegistry(hasTag ? named.slice(0, colon) : named);
  if (!HOST.test(registry) || !REPOSITORY.test(repository) || (tag !== undefined && !TAG.test(tag))) throw fail();
  if (digest !== undefined) return { registry, repository, ...(tag === undefined ? {} : { tag }), digest };
  return { registry, repository, tag: tag ?? 'latest' };
}

/** Writes a reference in full: `registry/repository[:tag][@digest]`. */
export function formatImageReference(reference: ImageReference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}

/** Names the tag of a service's image: `<service>.<BUILDID>`. */
export function serviceImageTag(service: string, buildId: string): string {
  return `${service}.${buildId}`;
}

/** The tag of a service's layer cache in its app's repository. It is no image's: the ids of builds are in capitals. */
export function serviceCacheTag(service: string): string {
  return `${service}.cache`;
}
