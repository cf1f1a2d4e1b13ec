import type { ReleaseRecord } from '@convox-builds/store';

import type { Attempt } from './attempt.js';
import { copySourceImage } from './steps/copy-source-image.js';
import { createRelease } from './steps/create-release.js';
import { readReportedManifest } from './steps/read-reported-manifest.js';
import type { WorkerParts } from './worker-parts.js';

/**
 * The life of a build that is made of an image of another registry. Nothing is built: the image is copied, unchanged, for
 * every service.
 *
 * @throws {BuildFailure} what the person has to know; anything else is the rack's own fault
 */
export async function importImage(attempt: Attempt, image: string, parts: WorkerParts): Promise<ReleaseRecord> {
  const { run } = attempt.span;
  const manifest = await run('read manifest', async () => readReportedManifest(attempt));
  const images = await run('copy image', () => copySourceImage({ attempt, manifest, image }, parts));
  return run('create release', () => createRelease({ attempt, manifest, images }, parts));
}
