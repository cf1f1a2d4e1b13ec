import { pipeline } from 'node:stream/promises';

import { MANIFEST_TYPES } from './descriptor.js';
import { bodyOf, readBounded } from './read-bounded.js';
import type { RegistryAccess } from './registry-access.js';
import type { RegistryClient, Repository } from './registry-client.js';
import { RegistryError } from './registry-error.js';
import type { RegistryRequest, RequestSender } from './send-request.js';
import { createDigestVerifier, digestOf } from './verify-digest.js';

/** No honest manifest is larger; registries have the same limit. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

async function readManifest(response: Response): Promise<Buffer> {
  try {
    return await readBounded(response, MAX_MANIFEST_BYTES);
  } catch (error) {
    const what = error instanceof RangeError ? `it is ${error.message}` : 'the registry broke off';
    throw new RegistryError(error instanceof RangeError ? 'invalid' : 'unavailable', `Cannot read manifest: ${what}`, {
      cause: error,
    });
  }
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

/** The part of a client that reads. */
export function createPuller(
  sender: RequestSender,
  access: RegistryAccess,
): Pick<RegistryClient, 'getManifest' | 'hasManifest' | 'getBlob' | 'hasBlob'> {
  const pull = ({ registry, repository }: Repository, path: string, options: Partial<RegistryRequest>) =>
    sender.send({
      method: 'GET',
      host: registry,
      path: `/v2/${repository}/${path}`,
      scope: { repository, actions: ['pull'] },
      ...options,
    });

  /** Tries the places in turn; what the last one says counts, unless one before said something worse than "not here". */
  async function pullAnywhere(source: Repository, path: string, options: Partial<RegistryRequest>) {
    let failure: unknown;
    for (const place of readPlaces(source, access)) {
      try {
        return { place, response: await pull(place, path, options) };
      } catch (error) {
        options.signal?.throwIfAborted();
        failure ??= error;
        if (!(error instanceof RegistryError && error.code === 'not-found')) failure = error;
      }
    }
    throw failure;
  }

  return {
    getManifest: async (reference, { signal } = {}) => {
      const name = reference.digest ?? reference.tag ?? 'latest';
      const headers = { accept: MANIFEST_TYPES.join(', ') };
      const { place, response } = await pullAnywhere(reference, `manifests/${name}`, { headers, signal });
      const bytes = await readManifest(response);
      const digest = digestOf(bytes);
      if (reference.digest !== undefined && digest !== reference.digest) {
        throw new RegistryError('invalid', `Cannot use manifest ${reference.digest}: the registry sent ${digest}`);
      }
      const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
      return { bytes, descriptor: { mediaType, digest, size: bytes.length }, place };
    },
    hasManifest: async (repository, digest, { signal } = {}) => {
      const headers = { accept: MANIFEST_TYPES.join(', ') };
      const options: Partial<RegistryRequest> = { method: 'HEAD', headers, accept: [404], signal };
      return (await pull(repository, `manifests/${digest}`, options)).ok;
    },
    getBlob: async (repository, descriptor, { signal } = {}) => {
      const { response } = await pullAnywhere(repository, `blobs/${descriptor.digest}`, { signal });
      const verifier = createDigestVerifier(descriptor);
      // A failure destroys the verifier, and with that reaches its reader.
      pipeline(bodyOf(response), verifier).catch(() => {});
      return verifier;
    },
    hasBlob: async (repository, digest, { signal } = {}) => {
      const response = await pull(repository, `blobs/${digest}`, { method: 'HEAD', accept: [404], signal });
      return response.ok;
    },
  };
}
