import type { Store } from '@convox-builds/store';
import type { Random } from '@convox-builds/testing';

import type { Cluster } from '../cluster/cluster.js';
import type { StepSize } from './create-archive.js';
import type { SeenStream } from './follow-log.js';
import type { RackClient } from './rack-client.js';

/** The app that all builds of a bench are of. */
export const APP = 'faults';

/** A build that the rack has accepted. */
export interface AcceptedBuild {
  readonly id: string;
  /** How many counted lines its log has when it is complete. */
  readonly lines: number;
  /** Whether its cancellation was acknowledged. */
  readonly isCancelled: () => boolean;
  /** What its follower has seen. */
  readonly streams: readonly SeenStream[];
}

/** A cluster with builds on it: what a scenario works with. */
export interface Bench {
  readonly cluster: Cluster;
  readonly client: RackClient;
  /** Straight to the database, past every proxy. */
  readonly store: Store;
  readonly random: Random;
  /** The value that every build is given and no log may show. */
  readonly secret: string;
  readonly accepted: readonly AcceptedBuild[];
  /** Uploads a source, or names one of its size in git, creates a build, and follows its log; tries until the rack has accepted it. */
  readonly submit: (source?: Partial<StepSize> & { readonly gitUrl?: string }) => Promise<AcceptedBuild>;
  readonly cancel: (build: AcceptedBuild) => Promise<void>;
  /** Resolves when a step of the build has printed something. */
  readonly waitUntilItRuns: (build: AcceptedBuild) => Promise<void>;
  /** Resolves when every build that is recorded has ended. */
  readonly settle: (withinMs?: number) => Promise<void>;
  readonly say: (text: string) => void;
  readonly stop: () => Promise<void>;
}
