import type { AppManifest } from '@convox-builds/manifest';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';
import { createRackLoginFinder } from './rack-logins.js';
import { createLoginFinder, type FindLogin } from './registry-logins.js';

/** Makes what finds who a build is at other registries. */
export function createBuildLoginFinder(
  { attempt, manifest }: { attempt: Attempt; manifest: AppManifest },
  {
    registryGate,
    store,
    settings,
    ecrPasswords,
  }: Pick<WorkerParts, 'registryGate' | 'store' | 'settings' | 'ecrPasswords'>,
): FindLogin {
  const findInRack = createRackLoginFinder({ store, secretBox: settings.secretBox, ecrPasswords });
  return createLoginFinder({
    pullSecrets: Object.values(manifest.services).flatMap((service) => service.imagePullSecrets),
    environment: attempt.environment,
    findRackLogin: async (host) => (await registryGate.credentials(host)) ?? findInRack(host),
  });
}
