import { setTimeout as sleep } from 'node:timers/promises';

import { BuildkitError } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { RegistryError } from '@convox-builds/registry';

import type { BuildLog } from '../build-log/build-log.js';
import type { WorkerMetrics } from '../worker-metrics.js';
import { isPushError } from './retry-push.js';

/** What was resolved and built stays: a further try asks only for what is missing. */
const DELAYS_MS = [5000, 15_000, 45_000, 90_000];

/** Docker Hub's own word, and what the daemon makes of the status. */
const LIMITED = /toomanyrequests|\b429 Too Many Requests\b/i;

/** The image that is waited for. */
export interface LimitedImage {
  readonly services: readonly string[];
  readonly attempt: { readonly log: Pick<BuildLog, 'line'> };
  readonly signal: AbortSignal;
}

/** Whether a registry gives us no more images for now. */
export function isPullLimit(error: unknown): error is BuildkitError | RegistryError {
  if (error instanceof RegistryError) return error.status === 429;
  return error instanceof BuildkitError && !isPushError(error) && LIMITED.test(error.message);
}

/** The registry that an error is about; the daemon names the address that it has asked. */
function registryOf({ message }: Error): string {
  const [, host = ''] = /\bhttps?:\/\/([^/\s]+)\/v2\//.exec(message) ?? /"([^/"\s]+)\/[^"]*"/.exec(message) ?? [];
  return host === '' ? 'the registry' : `registry ${host}`;
}

/**
 * Makes an image, and makes it again after a time when a registry has given us as much as it does at once.
 *
 * @throws {BuildFailure} of class `platform` when it does so to the end
 */
export async function waitOutPullLimit<T>(
  make: () => Promise<T>,
  { services, attempt, signal }: LimitedImage,
  { metrics, delaysMs = DELAYS_MS }: { metrics: Pick<WorkerMetrics, 'pullLimitWaits'>; delaysMs?: readonly number[] },
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await make();
    } catch (error) {
      if (!isPullLimit(error)) throw error;
      const what = `${registryOf(error)} limits how much may be pulled (429 Too Many Requests)`;
      const delayMs = delaysMs[tries];
      if (delayMs === undefined) {
        const remedy = 'give the rack a login for it (convox registries add), or a mirror of Docker Hub';
        throw new BuildFailure('platform', `${services.join(',')}: ${what}: ${remedy}`, { cause: error });
      }
      attempt.log.line(`${services.join(',')} ${what}: trying again in ${delayMs / 1000} s`);
      metrics.pullLimitWaits.inc();
      await sleep(delayMs, undefined, { signal });
    }
  }
}
