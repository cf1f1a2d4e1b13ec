import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { parseEnvironment } from '@convox-builds/domain';
import type { BuildRecord, Claim } from '@convox-builds/store';

import { type Attempt, AttemptStop, findStopReason } from './attempt.js';
import { keepLease } from './attempt-lease.js';
import { createBuildLog } from './build-log/build-log.js';
import { createSecretMasker } from './build-log/mask-secrets.js';
import { classifyFailure } from './classify-failure.js';
import { runBuild } from './run-build.js';
import type { WorkerParts } from './worker-parts.js';

/** Writes the end of an attempt that did not complete. Every write is fenced: a build that has another owner stays as it is. */
async function recordFailure(attempt: Attempt, error: unknown, parts: WorkerParts): Promise<string> {
  const { store, logger } = parts;
  const stop = findStopReason(attempt.signal);
  if (stop === 'lost') return 'lost';
  if (stop === 'drain') {
    attempt.log.line('The worker is going away: this build goes back to the queue');
    await attempt.log.end();
    await store.attempts.release(attempt.claim);
    return 'released';
  }
  const failure = classifyFailure(stop === 'timeout' ? attempt.signal.reason : error, parts.settings);
  if (failure.failureClass === 'platform')
    logger.error({ err: error, buildId: attempt.build.id }, 'Build failed on our side');
  attempt.log.line(`ERROR: ${failure.message}`);
  await attempt.log.end();
  await store.attempts.fail(attempt.claim, {
    failureClass: failure.failureClass,
    reason: attempt.log.mask(failure.message),
  });
  return 'failed';
}

const claimOf = ({ id, attempt, worker }: BuildRecord): Claim => ({ buildId: id, attempt, worker });
const folderOf = ({ id, attempt }: BuildRecord, { settings }: WorkerParts) =>
  join(settings.folder, 'builds', `${id}-${attempt}`);

async function openAttempt(build: BuildRecord, controller: AbortController, parts: WorkerParts): Promise<Attempt> {
  const { store, settings, announcer } = parts;
  const claim = claimOf(build);
  const app = await store.apps.find(build.app);
  if (app === undefined) throw new AttemptStop('lost');
  const latest = await store.releases.latest(build.app);
  const environment = parseEnvironment(latest?.environment ?? '');
  const folder = folderOf(build, parts);
  await mkdir(folder, { recursive: true });
  const log = createBuildLog({
    append: (bytes) => store.logs.append(claim, bytes),
    announce: (seq) => announcer.announceLog(build.id, seq),
    onFenced: () => controller.abort(new AttemptStop('lost')),
    masker: createSecretMasker(environment.values()),
    maxBytes: settings.logLimitBytes,
    signal: controller.signal,
  });
  return { app, build, claim, environment, log, folder, signal: controller.signal };
}

async function runToItsEnd(attempt: Attempt, parts: WorkerParts): Promise<void> {
  const { id: buildId, attempt: number, app } = attempt.build;
  const logger = parts.logger.child({ buildId, attempt: number, app });
  logger.info('Build started');
  try {
    const release = await runBuild(attempt, parts);
    logger.info({ releaseId: release.id }, 'Build complete');
  } catch (error) {
    const outcome = await recordFailure(attempt, error, parts);
    logger.info({ outcome }, 'Build ended');
  }
}

/**
 * Runs one claimed attempt to its end and records that end, whatever happens. Never rejects for the build's own
 * reasons; it rejects when the end could not be recorded, and then the lease runs out and the build is taken up again.
 */
export async function runAttempt(build: BuildRecord, controller: AbortController, parts: WorkerParts): Promise<void> {
  const { settings, announcer, store } = parts;
  const lease = keepLease({ store, claim: claimOf(build), leaseMs: settings.leaseMs, controller });
  const timeout = setTimeout(() => controller.abort(new AttemptStop('timeout')), settings.buildTimeoutMs);
  try {
    await runToItsEnd(await openAttempt(build, controller, parts), parts);
  } finally {
    clearTimeout(timeout);
    lease.stop();
    announcer.announceEnd(build.id);
    await rm(folderOf(build, parts), { recursive: true, force: true });
  }
}
