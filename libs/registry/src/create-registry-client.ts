import { createPuller } from './pull.js';
import { createPusher } from './push.js';
import type { RegistryAccess } from './registry-access.js';
import type { RegistryClient } from './registry-client.js';
import { RegistryError } from './registry-error.js';
import { createRequestSender } from './send-request.js';

/** Makes a client. Authorisations are shared between its calls. */
export function createRegistryClient({ access }: { access: RegistryAccess }): RegistryClient {
  const sender = createRequestSender(access);
  const puller = createPuller(sender, access);
  const { uploadBlob, ...pusher } = createPusher(sender);
  const { getManifest, hasBlob } = puller;
  const { putManifest } = pusher;
  return {
    ...puller,
    ...pusher,
    putBlob: async (repository, descriptor, open, { signal, mountFrom } = {}) => {
      if (await hasBlob(repository, descriptor.digest, { signal })) return;
      await uploadBlob(repository, { descriptor, open, signal, mountFrom });
    },
    tag: async ({ registry, repository, digest }, tag, { signal, manifest: known } = {}) => {
      const manifest = known ?? (await getManifest({ registry, repository, digest }, { signal }));
      const isThere = async () =>
        (await getManifest({ registry, repository, tag }, { signal })).descriptor.digest === digest;
      await putManifest({ registry, repository }, manifest, { signal, tag }).catch(async (error: unknown) => {
        // Where nobody may move a tag, it cannot be written again either.
        const isRefused = error instanceof RegistryError && error.code === 'invalid';
        if (!isRefused || !(await isThere().catch(() => false))) throw error;
      });
    },
  };
}
