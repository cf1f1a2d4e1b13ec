import { formatImageReference, parseEnvironment } from '@convox-builds/domain';
import type { PromotionRecord, Store } from '@convox-builds/store';

import type { RackRegistry } from '../archives/rack-registry.js';
import type { PromotionCall } from './promotion-hook.js';

/**
 * Gathers what a promotion is about: the release's images by digest, its environment and its manifest, and what its workflow
 * wants to have run.
 *
 * @param registry where the images are; without it they are named by app and digest alone
 * @returns `undefined` when the release is gone
 */
export async function describePromotion(
  promotion: PromotionRecord,
  { store, registry }: { store: Store; registry: RackRegistry | undefined },
): Promise<PromotionCall | undefined> {
  const { id, app, releaseId, actor, tries, workflowJobId } = promotion;
  const release = await store.releases.find(app, releaseId);
  if (release === undefined) return undefined;
  const build = release.buildId === '' ? undefined : await store.builds.find(app, release.buildId);
  const job = workflowJobId === null ? undefined : await store.jobs.find(workflowJobId);
  const repository = registry?.repositoryOf(app);
  const images = Object.entries(build?.images ?? {}).map(
    ([name, { digest }]) =>
      [name, repository ? formatImageReference({ ...repository, digest }) : `${app}@${digest}`] as const,
  );
  return {
    promotion: id,
    app,
    release: releaseId,
    build: release.buildId,
    actor,
    try: tries,
    images: Object.fromEntries(images),
    environment: Object.fromEntries(parseEnvironment(release.environment)),
    manifest: release.manifest,
    before: job?.plan.before ?? '',
    after: job?.plan.after ?? '',
  };
}
