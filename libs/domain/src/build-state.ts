/** Every state of a build's life, in the order in which a build meets them. */
export const BUILD_STATES = ['created', 'queued', 'running', 'complete', 'failed', 'cancelled'] as const;

/** A state of a build's life. `complete`, `failed` and `cancelled` are final. */
export type BuildState = (typeof BUILD_STATES)[number];

/** The four words that existing Convox clients know (`status` on the wire). */
export type WireStatus = 'created' | 'running' | 'complete' | 'failed';

const NEXT_STATES: Readonly<Record<BuildState, readonly BuildState[]>> = {
  // An external build goes straight from created to its end: somebody else runs it.
  created: ['queued', 'running', 'complete', 'failed', 'cancelled'],
  queued: ['running', 'failed', 'cancelled'],
  // Back to queued when the worker was lost or handed the build back.
  running: ['queued', 'complete', 'failed', 'cancelled'],
  complete: [],
  failed: [],
  cancelled: [],
};

/** Tells whether a build may go from one state to the other in one step. */
export function isAllowedTransition(from: BuildState, to: BuildState): boolean {
  return NEXT_STATES[from].includes(to);
}

/** Tells whether a state is final: nothing leaves it. */
export function isFinalState(state: BuildState): boolean {
  return NEXT_STATES[state].length === 0;
}

/**
 * Maps a state to the word that existing clients know.
 *
 * A build that went back to the queue (`attempt` above 0) stays `running` on the wire: older clients take `created`,
 * seen in mid-build, for success.
 */
export function wireStatusFromState(state: BuildState, attempt: number): WireStatus {
  if (state === 'queued') return attempt > 0 ? 'running' : 'created';
  if (state === 'cancelled') return 'failed';
  return state;
}
