import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { ImageReference } from '@convox-builds/domain';

import { type Descriptor, MANIFEST_TYPES } from './descriptor.js';
import type { RegistryAccess } from './registry-access.js';
import { RegistryError } from './registry-error.js';
import { createRequestSender, type RegistryRequest } from './send-request.js';
import { createDigestVerifier, digestOf } from './verify-digest.js';

/** A repository of a registry. */
export interface Repository {
  readonly registry: string;
  readonly repository: string;
}

/** A manifest as a registry gave it, checked against its digest. */
export interface FetchedManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** Options of calls that may take long. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Reads from and writes to registries (OCI Distribution specification). Every method throws {@link RegistryError}. */
export interface RegistryClient {
  /** Gets a manifest or an index, from a mirror where there is one. */
  getManifest(reference: ImageReference, options?: CallOptions): Promise<FetchedManifest>;
  /** Opens a blob. The stream fails at its end when the content is not what the descriptor says. */
  getBlob(repository: Repository, descriptor: Descriptor, options?: CallOptions): Promise<Readable>;
  /** Tells whether a blob is there. */
  hasBlob(repository: Repository, digest: string, options?: CallOptions): Promise<boolean>;
  /** Uploads a blob unless it is there already. `open` is called when its content is needed, again for each try. */
  putBlob(
    repository: Repository,
    descriptor: Descriptor,
    open: () => Promise<Readable>,
    options?: CallOptions,
  ): Promise<void>;
  /** Stores a manifest under its digest, or under a tag. */
  putManifest(
    repository: Repository,
    manifest: FetchedManifest,
    options?: CallOptions & { tag?: string },
  ): Promise<void>;
  /** Gives an image that is there one more name. */
  tag(image: Repository & { digest: string }, tag: string, options?: CallOptions): Promise<void>;
}

/** No honest manifest is larger; registries have the same limit. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

async function readBounded(response: Response): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])) {
    size += piece.length;
    if (size > MAX_MANIFEST_BYTES)
      throw new RegistryError('invalid', `Cannot read manifest: it is larger than ${MAX_MANIFEST_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Where an image may be read from: its mirrors, then its own registry. */
function readPlaces({ registry, repository }: Repository, access: RegistryAccess): Repository[] {
  const mirrors = access.mirrors(registry).map((mirror) => {
    const slash = mirror.indexOf('/');
    if (slash === -1) return { registry: mirror, repository };
    return { registry: mirror.slice(0, slash), repository: `${mirror.slice(slash + 1)}/${repository}` };
  });
  return [...mirrors, { registry: registry === 'docker.io' ? 'registry-1.docker.io' : registry, repository }];
}

/** Makes a client. Authorisations are shared between its calls. */
export function createRegistryClient({ access }: { access: RegistryAccess }): RegistryClient {
  const sender = createRequestSender(access);

  const pull = ({ registry, repository }: Repository, path: string, options: Partial<RegistryRequest>) =>
    sender.send({
      method: 'GET',
      host: registry,
      path: `/v2/${repository}/${path}`,
      scope: { repository, actions: ['pull'] },
      ...options,
    });
  const push = ({ registry, repository }: Repository, path: string, options: Partial<RegistryRequest>) =>
    sender.send({
      method: 'PUT',
      host: registry,
      path,
      scope: { repository, actions: ['pull', 'push'] },
      ...options,
    });

  /** Tries the places in turn; what the last one says counts, unless one before said something worse than "not here". */
  async function pullAnywhere(source: Repository, path: string, options: Partial<RegistryRequest>): Promise<Response> {
    let failure: unknown;
    for (const place of readPlaces(source, access)) {
      try {
        return await pull(place, path, options);
      } catch (error) {
        options.signal?.throwIfAborted();
        failure ??= error;
        if (!(error instanceof RegistryError && error.code === 'not-found')) failure = error;
      }
    }
    throw failure;
  }

  async function getManifest(reference: ImageReference, { signal }: CallOptions = {}): Promise<FetchedManifest> {
    const name = reference.digest ?? reference.tag ?? 'latest';
    const response = await pullAnywhere(reference, `manifests/${name}`, {
      headers: { accept: MANIFEST_TYPES.join(', ') },
      signal,
    });
    const bytes = await readBounded(response);
    const digest = digestOf(bytes);
    if (reference.digest !== undefined && digest !== reference.digest) {
      throw new RegistryError('invalid', `Cannot use manifest ${reference.digest}: the registry sent ${digest}`);
    }
    const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
    return { bytes, descriptor: { mediaType, digest, size: bytes.length } };
  }

  async function hasBlob(repository: Repository, digest: string, { signal }: CallOptions = {}): Promise<boolean> {
    const response = await pull(repository, `blobs/${digest}`, { method: 'HEAD', accept: [404], signal });
    return response.ok;
  }

  async function upload(
    repository: Repository,
    { digest, size }: Descriptor,
    open: () => Promise<Readable>,
    signal?: AbortSignal,
  ): Promise<void> {
    const started = await push(repository, `/v2/${repository.repository}/blobs/uploads/`, { method: 'POST', signal });
    const location = started.headers.get('location');
    if (location === null)
      throw new RegistryError('invalid', `Cannot upload to "${repository.registry}": it names no place`);
    const separator = location.includes('?') ? '&' : '?';
    await push(repository, `${location}${separator}digest=${encodeURIComponent(digest)}`, {
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
      openBody: open,
      signal,
    });
  }

  return {
    getManifest,
    hasBlob,
    getBlob: async (repository, descriptor, { signal } = {}) => {
      const response = await pullAnywhere(repository, `blobs/${descriptor.digest}`, { signal });
      const verifier = createDigestVerifier(descriptor);
      // A failure destroys the verifier, and with that reaches its reader.
      pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), verifier).catch(() => {});
      return verifier;
    },
    putBlob: async (repository, descriptor, open, { signal } = {}) => {
      if (await hasBlob(repository, descriptor.digest, { signal })) return;
      await upload(repository, descriptor, open, signal);
    },
    putManifest: async (repository, { descriptor, bytes }, { signal, tag } = {}) => {
      await push(repository, `/v2/${repository.repository}/manifests/${tag ?? descriptor.digest}`, {
        headers: { 'content-type': descriptor.mediaType },
        body: bytes,
        signal,
      });
    },
    tag: async ({ registry, repository, digest }, tag, { signal } = {}) => {
      const { bytes, descriptor } = await getManifest({ registry, repository, digest }, { signal });
      await push({ registry, repository }, `/v2/${repository}/manifests/${tag}`, {
        headers: { 'content-type': descriptor.mediaType },
        body: bytes,
        signal,
      });
    },
  };
}
