import type { BuildRecord } from '@convox-builds/store';

import type { AcceptedBuild, Bench } from '../bench/bench.js';

/** What is looked at after every scenario. */
export type Invariant =
  | 'every accepted build ends, with a reason'
  | 'one build for each request'
  | 'one release for a complete build, none for another'
  | 'what a release names is in the registry'
  | 'every complete build has its tags'
  | 'the log is whole and in order'
  | 'what was streamed is what is stored'
  | 'nothing of an ended build still runs'
  | 'the queue is drained'
  | 'no secret is seen'
  | 'no process ends by itself'
  | 'no process grows'
  | 'a cancelled build has no release'
  | 'nothing outlives the rack';

/** The promise, by its number in docs/promises.md, that would be broken. */
const PROMISE_OF: Readonly<Record<Invariant, number>> = {
  'every accepted build ends, with a reason': 1,
  'one build for each request': 1,
  'the queue is drained': 1,
  'one release for a complete build, none for another': 2,
  'a cancelled build has no release': 2,
  'what a release names is in the registry': 3,
  'every complete build has its tags': 3,
  'the log is whole and in order': 4,
  'what was streamed is what is stored': 4,
  'no process ends by itself': 5,
  'nothing of an ended build still runs': 6,
  'nothing outlives the rack': 6,
  'no secret is seen': 7,
  'no process grows': 9,
};

/** What broke a promise. */
export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
}

/** What is on record of the builds, and what their clients know of them. */
export interface BuildEvidence {
  readonly accepted: readonly AcceptedBuild[];
  readonly builds: readonly BuildRecord[];
  /** Each build's log as it is stored, by id. */
  readonly logs: ReadonlyMap<string, string>;
}

/** Everything that is checked. */
export interface Evidence extends BuildEvidence {
  readonly bench: Bench;
}

/** `promise <number> is broken: …` */
export function describeViolation({ invariant, what }: Violation): string {
  return `promise ${PROMISE_OF[invariant]} is broken: ${invariant}: ${what}`;
}
