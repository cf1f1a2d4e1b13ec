import type { SolveStatus } from '@convox-builds/buildkit-client';

/** runc's own words. What the image lacks of the program is told behind `exec:`, and is the person's. */
const NOT_STARTED = /^runc run failed: (?!.*\bexec: ).*/;

/** Knows which steps runc could not start: to BuildKit they are as any process that ended with 1. */
export interface StepStarts {
  readonly add: (status: SolveStatus) => void;
  /** Why a step could not be started; `undefined` for one that was, or printed something else. */
  readonly findFailure: (vertex: string | undefined) => string | undefined;
}

/** Watches one solve. Only the first output of a step is looked at: of one that was not started it is the only one. */
export function watchStepStarts(): StepStarts {
  const seen = new Set<string>();
  const failures = new Map<string, string>();
  return {
    add: ({ logs }) => {
      for (const { vertex, bytes } of logs) {
        const [failure] = seen.has(vertex) ? [] : (NOT_STARTED.exec(bytes.toString('utf8')) ?? []);
        if (failure === undefined) failures.delete(vertex);
        else failures.set(vertex, failure);
        seen.add(vertex);
      }
    },
    findFailure: (vertex = '') => failures.get(vertex),
  };
}
