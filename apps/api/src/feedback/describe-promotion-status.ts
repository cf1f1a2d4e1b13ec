import type { CommitStatus } from '@convox-builds/forge';
import type { BuildRecord, PromotionRecord, PromotionState } from '@convox-builds/store';

import { buildPage } from './build-page.js';

const STATES: Readonly<Record<PromotionState, CommitStatus['state']>> = {
  pending: 'pending',
  running: 'running',
  succeeded: 'success',
  failed: 'error',
};

/** How a promotion stands, in a few words. */
export function describePromotionState({ state, releaseId, reason }: PromotionRecord): string {
  switch (state) {
    case 'pending':
      return `${releaseId} waits to be promoted`;
    case 'running':
      return `Promoting ${releaseId}`;
    case 'succeeded':
      return `Promoted ${releaseId}`;
    case 'failed':
      return `${releaseId} was not promoted: ${reason}`;
  }
}

/** How the promotion of a build's release stands, as a status of its commit: forges have it in common, and deployments not. */
export function describePromotionStatus(
  promotion: PromotionRecord,
  { build, commit, rackName, publicUrl }: { build: BuildRecord; commit: string; rackName: string; publicUrl: string },
): CommitStatus {
  return {
    commit,
    state: STATES[promotion.state],
    context: `${rackName}/${build.app}/promotion`,
    description: describePromotionState(promotion),
    url: buildPage(build, publicUrl),
  };
}
