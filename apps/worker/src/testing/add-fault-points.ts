import { COUNTED_LINE, type ReachFaultPoint, withFaultPoints } from '@convox-builds/testing';

import type { WorkerParts } from '../worker-parts.js';

/**
 * Puts the fault points of a build's life round what a worker works with, so that the code of the build itself has none.
 * The push is inside the solve, so `before-push` is the beginning of the solve and `after-push` the look at what was pushed.
 * At `before-ack` nobody waits: only what takes effect at once (`exit`, `stop`) can happen there.
 */
export function addFaultPoints(parts: WorkerParts, reach: ReachFaultPoint): WorkerParts {
  const { store, buildkitd, registry, announcer } = parts;
  const { claim, saveManifest, complete } = store.attempts;
  const attempts = {
    ...store.attempts,
    claim: withFaultPoints(claim, { reach, before: 'before-claim', after: 'after-claim' }),
    saveManifest: withFaultPoints(saveManifest, { reach, before: 'after-fetch' }),
    complete: withFaultPoints(complete, { reach, before: 'before-commit', after: 'after-commit' }),
  };
  const append: typeof store.logs.append = async (owner, bytes, options) => {
    const seq = await store.logs.append(owner, bytes, options);
    if (bytes.includes(COUNTED_LINE)) await reach('during-solve');
    return seq;
  };
  return {
    ...parts,
    store: { ...store, attempts, logs: { ...store.logs, append } },
    buildkitd: { ...buildkitd, client: withFaultPoints(buildkitd.client, { reach, before: 'before-push' }) },
    registry: {
      ...registry,
      getManifest: withFaultPoints(registry.getManifest, { reach, before: 'after-push' }),
      getBlob: withFaultPoints(registry.getBlob, { reach, after: 'after-verify' }),
    },
    announcer: {
      ...announcer,
      announceEnd: (buildId) => {
        void reach('before-ack');
        announcer.announceEnd(buildId);
      },
    },
  };
}
