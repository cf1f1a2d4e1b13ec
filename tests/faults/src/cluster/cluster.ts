import type { ClusterSettings } from './cluster-settings.js';
import type { Member } from './member.js';
import type { ApiMember, WorkerMember } from './our-processes.js';
import type { Services } from './services.js';

/** A whole rack of processes, each of which can be killed, frozen and cut off by itself. */
export interface Cluster {
  /** Unique to it: every process of ours has it in its command line or environment. */
  readonly folder: string;
  readonly settings: ClusterSettings;
  readonly services: Services;
  /** The environment by which objects are found, past every proxy. */
  readonly objects: Readonly<Record<string, string>>;
  readonly apis: readonly ApiMember[];
  readonly workers: readonly WorkerMember[];
  /** Every process, services first. */
  readonly members: readonly Member[];
  /** Kills everything and removes what it has left behind. */
  readonly stop: () => Promise<void>;
}
