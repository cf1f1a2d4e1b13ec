import type { Store } from '@convox-builds/store';

import { claimTestBuild } from './claim-build.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

/** A build of an app that is created with it, ended well: its release can be promoted. */
export async function completeTestBuild(
  store: Store,
  app: string,
  manifest = 'services:\n  web:\n    image: busybox\n',
): Promise<{ buildId: string; releaseId: string }> {
  const claim = await claimTestBuild(store, app);
  await store.attempts.saveManifest(claim, manifest);
  const images = { web: { digest: DIGEST, mediaType: 'm', size: 2, platforms: ['linux/amd64'] } };
  const release = await store.attempts.complete(claim, { images, entrypoint: '' });
  return { buildId: claim.buildId, releaseId: release?.id ?? '' };
}
