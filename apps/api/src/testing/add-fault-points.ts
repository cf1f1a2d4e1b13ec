import { type ReachFaultPoint, withFaultPoints } from '@convox-builds/testing';

import type { ApiParts } from '../api-parts.js';

/** Puts the fault points of a build's life round what an api works with, so that its routes have none. */
export function addFaultPoints(parts: ApiParts, reach: ReachFaultPoint): ApiParts {
  const { store, dispatcher } = parts;
  const after = 'after-accept-commit';
  const create = withFaultPoints(store.builds.create, { reach, after });
  const createOnce = withFaultPoints(store.builds.createOnce, { reach, after });
  return {
    ...parts,
    store: { ...store, builds: { ...store.builds, create, createOnce } },
    dispatcher: {
      ...dispatcher,
      startSoon: (buildId) => {
        void reach('before-enqueue');
        dispatcher.startSoon(buildId);
      },
    },
  };
}
