import { findSourceImage } from '@convox-builds/domain';
import type { ReleaseRecord } from '@convox-builds/store';

import type { Attempt } from './attempt.js';
import { offerCaches } from './cache/offer-caches.js';
import { importImage } from './import-image.js';
import { buildImages } from './steps/build-images.js';
import { createRelease } from './steps/create-release.js';
import { fetchSource } from './steps/fetch-source.js';
import { planBuild } from './steps/plan-build.js';
import { readManifest } from './steps/read-manifest.js';
import type { WorkerParts } from './worker-parts.js';

/**
 * The life of a build inside a worker: from its source to its release. Pushing is not a step of ours: BuildKit's
 * exporter pushes inside the solve and asks our session for credentials.
 *
 * @throws {BuildFailure} what the person has to know; anything else is the rack's own fault
 */
export async function runBuild(attempt: Attempt, parts: WorkerParts): Promise<ReleaseRecord> {
  const image = findSourceImage(attempt.build.source);
  if (image !== undefined) return importImage(attempt, image, parts);
  const { run } = attempt.span;
  const source = await run('fetch source', () => fetchSource(attempt, parts));
  let isHandedOver = false;
  try {
    const manifest = await run('read manifest', () => readManifest(attempt, source, parts));
    const plan = await run('plan build', async () => planBuild(attempt, source, manifest));
    const { images, cacheable } = await run('build images', (span) =>
      buildImages({ attempt, source, manifest, plan, span }, parts),
    );
    const release = await run('create release', () => createRelease({ attempt, manifest, images }, parts));
    // The build is complete for its reader: what comes now is for builds to come.
    isHandedOver = offerCaches({ attempt, source, manifest, plan, images: cacheable }, parts);
    return release;
  } finally {
    if (!isHandedOver) await source.close();
  }
}
