import type { CommitStatus } from '@convox-builds/forge';
import type { BuildRecord } from '@convox-builds/store';

import { buildPage, ranMs } from './build-page.js';
import { formatDuration } from './format-duration.js';

/** A failure is the commit's when a change of it can help; anything else is an error of whoever builds. */
const OF_THE_COMMIT = new Set(['user', 'limits', 'timeout']);

function stateOf({ state, failureClass }: Pick<BuildRecord, 'state' | 'failureClass'>): CommitStatus['state'] {
  switch (state) {
    case 'created':
    case 'queued':
      return 'pending';
    case 'running':
      return 'running';
    case 'complete':
      return 'success';
    case 'cancelled':
      return 'cancelled';
    case 'failed':
      return OF_THE_COMMIT.has(failureClass) ? 'failure' : 'error';
  }
}

function describe(build: BuildRecord): string {
  const { state, id, reason } = build;
  if (state === 'running') return `Building ${id}`;
  if (state === 'failed' || state === 'cancelled') return reason === '' ? `${id}: ${state}` : reason;
  const ms = ranMs(build);
  if (state === 'complete') return ms === undefined ? `Built ${id}` : `Built ${id} in ${formatDuration(ms)}`;
  return `${id} waits for a worker`;
}

/** How a build stands, as a status of its commit. */
export function describeStatus(
  build: BuildRecord,
  { commit, rackName, publicUrl }: { commit: string; rackName: string; publicUrl: string },
): CommitStatus {
  return {
    commit,
    state: stateOf(build),
    context: `${rackName}/${build.app}`,
    description: describe(build),
    url: buildPage(build, publicUrl),
  };
}
