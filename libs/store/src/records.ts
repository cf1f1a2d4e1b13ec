import type { BuildLane, BuildState, BuiltImages, FailureClass } from '@convox-builds/domain';

/** An app, as stored. */
export interface AppRecord {
  readonly name: string;
  readonly generation: string;
  readonly locked: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  /** Id of the promoted release; `''` for none. */
  readonly activeReleaseId: string;
  /** 64 random hex digits that nobody outside ever sees: seed of the keys that keep apps apart inside BuildKit; a reset changes it. */
  readonly sourceKey: string;
  readonly createdAt: Date;
}

/** What a person may ask of a build. */
export interface BuildOptions {
  /** Name of the manifest in the source; `''` for convox.yml. */
  readonly manifest: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly noCache: boolean;
  readonly development: boolean;
  /** Somebody else builds; the rack only keeps the record. */
  readonly external: boolean;
  readonly wildcardDomain: boolean;
  /** Of a git repository: its submodules are fetched, too. Absent on builds of older racks. */
  readonly submodules?: boolean;
}

/** A build of the folder as it is, by convox.yml. */
export const NO_OPTIONS: BuildOptions = {
  manifest: '',
  buildArgs: {},
  noCache: false,
  development: false,
  external: false,
  wildcardDomain: false,
};

/** A build, as stored. Texts are `''` and times `null` when unset. */
export interface BuildRecord {
  readonly id: string;
  readonly app: string;
  readonly state: BuildState;
  /** How often it was claimed. */
  readonly attempt: number;
  readonly description: string;
  readonly gitSha: string;
  readonly gitBranch: string;
  /** What the commit says of itself, once it was fetched: its author, and the first line of its message. */
  readonly gitAuthor: string;
  readonly gitSubject: string;
  /** `object://…`, `image://…`, the address of a git repository without a login, or `''` for external builds. */
  readonly source: string;
  readonly options: BuildOptions;
  /** Raw text of convox.yml. */
  readonly manifest: string;
  readonly entrypoint: string;
  readonly images: BuiltImages;
  /** Id of the release made by this build. */
  readonly releaseId: string;
  /** `object://…` of the compacted log, once there is one. */
  readonly logs: string;
  /** Why it did not end well; of a queued build, why it is to be tried again. */
  readonly failureClass: FailureClass | '';
  readonly reason: string;
  readonly lane: BuildLane;
  /** The span of the request that made it (W3C Trace Context); `''` when that was not traced. */
  readonly traceparent: string;
  /** How often it was put back after a failure of the rack's own. */
  readonly retries: number;
  /** It does not start before. */
  readonly notBefore: Date;
  /** Who holds, or last held, the claim. */
  readonly worker: string;
  readonly leaseExpiresAt: Date | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** The commit that a build is of. */
export interface SourceCommit {
  /** Full id. */
  readonly id: string;
  /** `''` when it was not asked for by its branch. */
  readonly branch: string;
  readonly author: string;
  readonly subject: string;
}

/** A release, as stored. */
export interface ReleaseRecord {
  readonly id: string;
  readonly app: string;
  /** The build whose images it runs; `''` for none yet. */
  readonly buildId: string;
  /** `KEY=VALUE` lines. */
  readonly environment: string;
  readonly manifest: string;
  readonly description: string;
  readonly createdAt: Date;
}

/** Names one attempt of a build by one worker. Every write of the attempt carries it; a stale one changes nothing. */
export interface Claim {
  readonly buildId: string;
  readonly attempt: number;
  readonly worker: string;
}

/** A piece of a build's log. Numbers count from 1 without gaps, over all attempts. */
export interface LogChunk {
  readonly seq: number;
  readonly bytes: Buffer;
}

/** What whoever follows a log wants to know, as it was at one instant. */
export interface LogPage {
  /** Of the build. */
  readonly state: BuildState;
  /** The next chunks that are in the table. */
  readonly chunks: readonly LogChunk[];
  /** No chunk was written after these; not so when the rest, or all of it, is in the log's object. */
  readonly isLast: boolean;
}

/** A byte of a log by the chunks before it. */
export interface LogPosition {
  /** The last chunk that ends before the byte; 0: none. */
  readonly afterSeq: number;
  /** How many bytes behind that chunk come first. */
  readonly skipBytes: number;
}

/** How far a promotion has come; the last two are final. */
export type PromotionState = 'pending' | 'running' | 'succeeded' | 'failed';

/** A promotion, as stored. */
export interface PromotionRecord {
  readonly id: string;
  readonly app: string;
  readonly releaseId: string;
  readonly actor: string;
  /** The job that wants it; `null`: a person does, or the job is forgotten. */
  readonly workflowJobId: string | null;
  readonly state: PromotionState;
  /** Why it failed, or why it is tried again. */
  readonly reason: string;
  /** How often it was taken up. */
  readonly tries: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}
