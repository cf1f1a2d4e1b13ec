import { type ReachFaultPoint, withFaultPoints } from '@convox-builds/testing';

import type { ApiParts } from '../api-parts.js';

/** Puts the fault points of a build's life round what an api works with, so that its routes have none. */
export function addFaultPoints(parts: ApiParts, reach: ReachFaultPoint): ApiParts {
  const { store, queue } = parts;
  const create = withFaultPoints(store.builds.create, { reach, after: 'after-accept-commit' });
  return {
    ...parts,
    store: { ...store, builds: { ...store.builds, create } },
    queue: { ...queue, ring: withFaultPoints(queue.ring, { reach, before: 'before-enqueue' }) },
  };
}
