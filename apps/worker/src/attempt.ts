import type { Environment } from '@convox-builds/domain';
import type { Logger, Span } from '@convox-builds/runtime';
import type { AppRecord, BuildRecord, Claim } from '@convox-builds/store';
import type { BuildLog } from './build-log/build-log.js';
import type { BuildLogin } from './find-build-login.js';

/** What tells of an attempt, from its beginning to its end, whatever comes of it. */
export interface AttemptReport {
  readonly build: BuildRecord;
  /** Names the attempt in every write; a stale one changes nothing. */
  readonly claim: Claim;
  /** What the person sees. */
  readonly log: BuildLog;
  /** What we see: each of its lines names the build, the attempt and its trace. */
  readonly logger: Logger;
  /** What tells where the time goes; each step is a part of it. No secret of the build gets into it. */
  readonly span: Span;
  /** Aborted with an {@link AttemptStop} when the attempt has to end early. */
  readonly signal: AbortSignal;
}

/** One attempt of a build by this worker: what every step is given. */
export interface Attempt extends AttemptReport {
  readonly app: AppRecord;
  /** Environment of the app's latest release, promoted or not. */
  readonly environment: Environment;
  /** What came with the build for its git server, or for the registry whose image it imports; rejects when it cannot be opened. */
  readonly login: Promise<BuildLogin | undefined>;
  /** A folder of this attempt's own, removed when it ends. */
  readonly folder: string;
}

/**
 * Why an attempt is ended from outside:
 *
 * - `lost`: the build was cancelled or has another owner; this attempt may not write any more
 * - `timeout`: it ran longer than a build may
 * - `drain`: the worker is going away; somebody else takes the build up
 */
export type StopReason = 'lost' | 'timeout' | 'drain';

/** The abort reason of an attempt's signal. The first one wins. */
export class AttemptStop extends Error {
  override readonly name = 'AttemptStop';
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`Attempt stopped: ${reason}`);
    this.reason = reason;
  }
}

/** Tells why a signal was aborted, or `undefined` when it was not. */
export function findStopReason(signal: AbortSignal): StopReason | undefined {
  if (!signal.aborted) return undefined;
  return signal.reason instanceof AttemptStop ? signal.reason.reason : 'drain';
}
