import type { AppManifest } from '@convox-builds/manifest';
import { type DescribedImage, manifestsOf } from '@convox-builds/registry';
import type { ReleaseRecord } from '@convox-builds/store';

import { type Attempt, AttemptStop } from '../attempt.js';
import { tagImages } from '../images/tag-images.js';
import type { WorkerParts } from '../worker-parts.js';

/** What the last step is given. */
export interface FinishedBuild {
  readonly attempt: Attempt;
  readonly manifest: AppManifest;
  readonly images: ReadonlyMap<string, DescribedImage>;
}

/**
 * Ends a build well: the whole log, then images, release and final state in one transaction, then the tags. The tags
 * come from the record, after the fenced commit, so that a worker that has lost its lease can never change what
 * anybody sees.
 *
 * @throws {AttemptStop} `lost` when the build was cancelled or has another owner
 */
export async function createRelease(build: FinishedBuild, parts: WorkerParts): Promise<ReleaseRecord> {
  const { attempt, manifest, images } = build;
  await attempt.log.end();
  const recorded = Object.fromEntries([...images].map(([service, { image }]) => [service, image]));
  const last = images.get([...Object.keys(manifest.services)].at(-1) ?? '');
  const release = await parts.store.attempts.complete(attempt.claim, {
    images: recorded,
    entrypoint: last?.entrypoint ?? '',
  });
  if (release === undefined) throw new AttemptStop('lost');
  const { id, app } = attempt.build;
  await tagImages({ id, app, images: recorded }, parts, { manifests: manifestsOf(images) });
  return release;
}
