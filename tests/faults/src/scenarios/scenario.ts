import type { BuildRecord } from '@convox-builds/store';

import type { Bench } from '../bench/bench.js';
import type { ClusterOptions } from '../cluster/start-cluster.js';

/** What goes wrong, and what is to come of it. */
export interface Scenario {
  /** The number of the row in docs/faults.md. */
  readonly row: string;
  readonly title: string;
  readonly cluster?: ClusterOptions;
  /** Part of `npm test`. */
  readonly isQuick?: true;
  /** Begins with another version: see `ClusterSettings`; left out where there is none. */
  readonly isUpgrade?: true;
  /** Why the product does not pass it yet. */
  readonly pending?: string;
  /** Starts builds and breaks things. Whatever was broken is whole again when it resolves. */
  readonly run: (bench: Bench) => Promise<void>;
  /** What is wrong with how the builds ended; default: that one is not complete. */
  readonly complain?: (builds: readonly BuildRecord[]) => readonly string[];
}

const describeEnd = ({ id, state, attempt, reason }: BuildRecord) =>
  `build ${id} is ${state} in attempt ${attempt}${reason === '' ? '' : `: ${reason}`}`;

/** Complains of builds that are not complete. */
export function wantComplete(builds: readonly BuildRecord[]): readonly string[] {
  return builds.filter(({ state }) => state !== 'complete').map(describeEnd);
}

/** Complains of builds that failed. */
export function wantNoFailure(builds: readonly BuildRecord[]): readonly string[] {
  return builds.filter(({ state }) => state !== 'complete' && state !== 'cancelled').map(describeEnd);
}

/** Complains of builds that are not complete, in their n-th attempt. */
export function wantAttempt(attempt: number): (builds: readonly BuildRecord[]) => readonly string[] {
  return (builds) => builds.filter((build) => build.state !== 'complete' || build.attempt !== attempt).map(describeEnd);
}

/** Any end will do. */
export const wantAnyEnd = (): readonly string[] => [];

/** Finds a part by its place. */
export function at<T>(parts: readonly T[], index: number): T {
  const part = parts[index];
  if (part === undefined) throw new RangeError(`Cannot find part ${index}: there are ${parts.length}`);
  return part;
}
