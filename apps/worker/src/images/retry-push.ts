import { setTimeout as sleep } from 'node:timers/promises';

import { SolveError } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';

/** BuildKit gives a registry that is away up within seconds; what it has built stays in its cache. */
const DELAYS_MS = [2000, 5000, 15_000, 30_000];

/** What a registry says to who may not, and to who came with a password that ran out during the build. */
const REFUSED = /\b40[13]\b|unauthorized|denied|insufficient_scope|authorization failed/i;

/** What a push is retried with. */
export interface RetryPushOptions {
  /** Names the image in messages. */
  readonly services: string;
  readonly signal: AbortSignal;
  /** Is told before each wait. */
  readonly onRetry: (message: string) => void;
  /** Is told when the registry refuses us: the next push has to come with a new password. */
  readonly onRefused: () => void;
  readonly delaysMs?: readonly number[];
}

/** Whether it is the registry that did not take what was built. The error of a step repeats its line, whatever that says. */
export function isPushError(error: unknown): error is SolveError {
  if (!(error instanceof SolveError) || error.code === 'cancelled') return false;
  const isOfStep = error.exitCode !== undefined || error.source !== undefined;
  return !isOfStep && /\bfailed to push\b/.test(error.message);
}

/**
 * Solves, and solves again when the registry did not take the result: from the warm cache that costs nothing but the push.
 *
 * @throws {BuildFailure} of class `credentials` when the registry refuses us, and would do so again
 */
export async function retryPush<T>(solveOnce: () => Promise<T>, options: RetryPushOptions): Promise<T> {
  const { services, signal, onRetry, onRefused, delaysMs = DELAYS_MS } = options;
  let isPasswordNew = false;
  for (const delayMs of delaysMs) {
    try {
      return await solveOnce();
    } catch (error) {
      if (!isPushError(error)) throw error;
      const isRefused = REFUSED.test(error.message);
      if (isRefused && isPasswordNew)
        throw new BuildFailure('credentials', `${services}: the registry refuses the image: ${error.message}`, {
          cause: error,
        });
      if (isRefused) onRefused();
      isPasswordNew ||= isRefused;
      onRetry(
        `${services} the registry did not take the image (${error.message}): trying again in ${delayMs / 1000} s`,
      );
      await sleep(delayMs, undefined, { signal });
    }
  }
  return solveOnce();
}
