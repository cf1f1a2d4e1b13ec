/**
 * Why a build did not end well, as a class:
 *
 * - `user`: the source, its Dockerfile or its convox.yml; the person has to change something
 * - `limits`: out of memory, log or size limits
 * - `timeout`: it ran longer than it may
 * - `platform`: the rack's own parts (daemon, registry, disk)
 * - `credentials`: a registry or a git server refused us
 * - `lost-worker`: the worker that ran it died or was cut off
 * - `cancelled`: somebody stopped it
 */
export type FailureClass = 'user' | 'limits' | 'timeout' | 'platform' | 'credentials' | 'lost-worker' | 'cancelled';

/**
 * How long a build waits before it is tried again after a failure of each class, in milliseconds, retry by retry; when
 * the list is used up the build fails for good. What a person, a limit or a password is the cause of fails the same way
 * again: only the rack's own failures are retried. Lost workers are counted apart, by whoever finds that they are gone.
 */
export const RETRY_DELAYS: Readonly<Record<FailureClass, readonly number[]>> = {
  user: [],
  limits: [],
  timeout: [],
  platform: [2000, 10_000, 30_000, 60_000],
  credentials: [],
  'lost-worker': [],
  cancelled: [],
};

/** What two builds that failed together wait differs by up to this part, so that they do not come back together. */
const JITTER = 0.2;

/**
 * Tells how long a build waits before it is tried again; `undefined` when it is not.
 *
 * @param retries how often it was tried again after failures of this class
 * @param random a number from 0 to 1, by default another one each time
 * @returns milliseconds
 */
export function findRetryDelay(
  failureClass: FailureClass,
  retries: number,
  random: number = Math.random(),
): number | undefined {
  const delay = RETRY_DELAYS[failureClass][retries];
  return delay === undefined ? undefined : Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}

/** A failure whose message is meant for the person who started the build: one line, what was wrong, where, what to do. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure';
  readonly failureClass: FailureClass;

  constructor(failureClass: FailureClass, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failureClass = failureClass;
  }
}
