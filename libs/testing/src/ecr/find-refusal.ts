import type { IncomingMessage } from 'node:http';

import type { Moto, TestRepository } from './start-moto.js';

/** Images of Docker Hub: a pull-through cache makes their repositories by itself. */
const PULLED_THROUGH = 'docker-hub/';

const ACCEPT = 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json';

/** What a registry of ECR answers instead of what was asked for. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What a registry of ECR goes by. */
export interface RegistryRules {
  /** Until when each is good, in milliseconds since 1970. */
  readonly passwords: ReadonlyMap<string, number>;
  readonly moto: Pick<Moto, 'findRepository'>;
  /** Where the images are. */
  readonly openHost: string;
}

function refuseCaller({ headers }: IncomingMessage, { passwords }: RegistryRules): Refusal | undefined {
  const expiresAt = passwords.get(headers.authorization?.replace(/^Basic /, '') ?? '');
  if (expiresAt === undefined) return { status: 401, code: 'UNAUTHORIZED', message: 'no basic auth credentials' };
  if (expiresAt > Date.now()) return undefined;
  const message = 'Your authorization token has expired. Reauthenticate and try again.';
  return { status: 403, code: 'DENIED', message };
}

/** Whether a tag may be moved (Amazon ECR User Guide, "Preventing image tags from being overwritten"). */
function isMovable(tag: string, repository: TestRepository): boolean {
  if (!repository.imageTagMutability.startsWith('IMMUTABLE')) return true;
  const patterns = (repository.imageTagMutabilityExclusionFilters ?? []).map(({ filter }) =>
    filter.replaceAll('.', '\\.').replaceAll('*', '.*'),
  );
  return patterns.some((pattern) => new RegExp(`^${pattern}$`).test(tag));
}

/** Finds what a registry of ECR has against a request; `undefined`: it is done as any registry does it. */
export async function findRefusal(client: IncomingMessage, rules: RegistryRules): Promise<Refusal | undefined> {
  const refusal = refuseCaller(client, rules);
  const [, name, kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^?]*)/.exec(client.url ?? '') ?? [];
  if (refusal !== undefined || name === undefined || name.startsWith(PULLED_THROUGH)) return refusal;
  const repository = await rules.moto.findRepository(name);
  if (repository === undefined)
    return { status: 404, code: 'NAME_UNKNOWN', message: `The repository with name '${name}' does not exist` };
  const isTagged = client.method === 'PUT' && kind === 'manifests' && !reference.includes(':');
  if (!isTagged || isMovable(reference, repository)) return undefined;
  const manifest = `http://${rules.openHost}/v2/${name}/manifests/${reference}`;
  const { ok: isThere } = await fetch(manifest, { method: 'HEAD', headers: { accept: ACCEPT } });
  const message = `The image tag '${reference}' already exists and cannot be overwritten because the tag is immutable.`;
  return isThere ? { status: 400, code: 'TAG_INVALID', message } : undefined;
}
