import { parseEnvironment } from '@convox-builds/domain';
import type { PromotionRecord, Store } from '@convox-builds/store';

import type { PromotionCall } from './promotion-hook.js';

/**
 * Gathers what a promotion is about: the release's images by digest, its environment and its manifest, and what its workflow
 * wants to have run.
 *
 * @param registryHost where the images are
 * @returns `undefined` when the release is gone
 */
export async function describePromotion(
  promotion: PromotionRecord,
  { store, registryHost }: { store: Store; registryHost: string },
): Promise<PromotionCall | undefined> {
  const { id, app, releaseId, actor, tries, workflowJobId } = promotion;
  const release = await store.releases.find(app, releaseId);
  if (release === undefined) return undefined;
  const build = release.buildId === '' ? undefined : await store.builds.find(app, release.buildId);
  const job = workflowJobId === null ? undefined : await store.jobs.find(workflowJobId);
  const repository = registryHost === '' ? app : `${registryHost}/${app}`;
  const images = Object.entries(build?.images ?? {}).map(
    ([name, { digest }]) => [name, `${repository}@${digest}`] as const,
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
