import { isFinalState } from '@convox-builds/domain';

import { APP } from '../bench/bench.js';
import type { BuildEvidence, Evidence, Violation } from './violation.js';

const ALL = 100_000;

/** Every build that was accepted is on record, and every one on record has ended; those that ended badly say why. */
export function checkEnds({ accepted, builds }: BuildEvidence): Violation[] {
  const invariant = 'every accepted build ends, with a reason';
  const known = new Set(builds.map(({ id }) => id));
  const missing = accepted.filter(({ id }) => !known.has(id)).map(({ id }) => `build ${id} is not on record`);
  const open = builds
    .filter(({ state }) => !isFinalState(state))
    .map(({ id, state, attempt }) => `build ${id} is ${state} in attempt ${attempt}`);
  const mute = builds
    .filter(({ state, reason }) => (state === 'failed' || state === 'cancelled') && reason === '')
    .map(({ id, state }) => `build ${id} is ${state} and does not say why`);
  return [...missing, ...open, ...mute].map((what) => ({ invariant, what }));
}

/** A request that was repeated, because its answer was lost, made one build. */
export function checkRequests({ accepted, builds }: BuildEvidence): Violation[] {
  const known = new Set(accepted.map(({ id }) => id));
  return builds
    .filter(({ id }) => !known.has(id))
    .map(({ id }) => ({ invariant: 'one build for each request', what: `build ${id} was told to nobody` }));
}

/** A build that is complete has one release, its own; another has none. */
export async function checkReleases({ bench, builds }: Evidence): Promise<Violation[]> {
  const releases = await bench.store.releases.list(APP, { limit: ALL });
  return builds.flatMap(({ id, state, releaseId }): Violation[] => {
    const own = releases.filter(({ buildId }) => buildId === id).map((release) => release.id);
    const wanted = state === 'complete' ? [releaseId] : [];
    if (own.join() === wanted.join()) return [];
    const what = `build ${id} is ${state} with release "${releaseId}", and made ${own.join(', ') || 'none'}`;
    return [{ invariant: 'one release for a complete build, none for another', what }];
  });
}

/** A build whose cancellation was acknowledged is cancelled. */
export function checkCancelled({ accepted, builds }: BuildEvidence): Violation[] {
  const states = new Map(builds.map(({ id, state }) => [id, state]));
  return accepted
    .filter((build) => build.isCancelled() && states.get(build.id) !== 'cancelled')
    .map(({ id }) => ({
      invariant: 'a cancelled build has no release',
      what: `the cancellation of build ${id} was acknowledged, and it is ${states.get(id)}`,
    }));
}
