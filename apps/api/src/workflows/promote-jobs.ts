import type { PromotingBuild } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { promoteRelease } from '../promotions/promote-release.js';

const AT_ONCE = 50;

/** Begins the promotion of a build's release; answers why it never can be, or `undefined`. */
async function beginPromotion(parts: ApiParts, build: PromotingBuild): Promise<string | undefined> {
  const { app, releaseId, jobId, workflowId } = build;
  const release = await parts.store.releases.find(app, releaseId);
  if (release === undefined) return `the release of app ${app} was deleted`;
  const asked = { actor: `workflow ${workflowId}`, isForced: false, workflowJobId: jobId };
  const refusal = await promoteRelease(parts, release, asked);
  // The promotion that runs comes to its end, and then it is this one's turn.
  if (refusal === undefined || refusal.code === 'updating') return undefined;
  return `release ${releaseId} of app ${app}: ${refusal.reason}`;
}

function reasonOf({ app, releaseId, promotion }: PromotingBuild): string {
  return promotion?.state === 'failed' ? `release ${releaseId} of app ${app}: ${promotion.reason}` : '';
}

async function promoteJob(parts: ApiParts, jobId: string, builds: readonly PromotingBuild[]): Promise<void> {
  const refusals: string[] = [];
  for (const build of builds) {
    const refusal = build.promotion === null ? await beginPromotion(parts, build) : undefined;
    if (refusal !== undefined) refusals.push(refusal);
  }
  const begun = builds.filter(({ promotion }) => promotion !== null);
  const isOver = begun.every(({ promotion }) => promotion?.state === 'succeeded' || promotion?.state === 'failed');
  if (!isOver || begun.length + refusals.length < builds.length) return;
  const reasons = [...refusals, ...begun.map(reasonOf)].filter((reason) => reason !== '');
  await parts.store.jobs.end(jobId, reasons.length === 0 ? 'complete' : 'failed', reasons.join('; '));
}

/** Promotes the releases of jobs that are built, each once, and ends the jobs whose promotions are over. */
export async function promoteJobs(parts: ApiParts): Promise<void> {
  const builds = await parts.store.jobs.listPromoting({ limit: AT_ONCE });
  for (const jobId of new Set(builds.map((build) => build.jobId))) {
    await promoteJob(
      parts,
      jobId,
      builds.filter((build) => build.jobId === jobId),
    );
  }
}
