import type { BuildRecord } from '@convox-builds/store';

import type { AcceptedBuild, Bench } from '../bench/bench.js';

/** The promises that are checked after every scenario. */
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
  | 'no process ends by itself, or grows'
  | 'a cancelled build has no release'
  | 'nothing outlives the rack';

/** A promise that was broken, and by what. */
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
