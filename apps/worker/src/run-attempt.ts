import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { findRetryDelay, isObjectUrl, parseEnvironment } from '@convox-builds/domain';
import { createMaskedLogger } from '@convox-builds/runtime';
import type { BuildRecord, Claim } from '@convox-builds/store';

import { type Attempt, AttemptStop, findStopReason } from './attempt.js';
import { type AttemptEnd, reportAttemptEnd } from './attempt-end.js';
import { createBuildLog } from './build-log/build-log.js';
import { createSecretMasker } from './build-log/mask-secrets.js';
import { classifyFailure } from './classify-failure.js';
import { findBuildLogin } from './find-build-login.js';
import { startAttemptSpan } from './tracing/start-attempt-span.js';
import type { WorkerParts } from './worker-parts.js';

/** Writes the end of an attempt that did not complete. Every write is fenced: a build that has another owner stays as it is. */
async function recordFailure(attempt: Attempt, error: unknown, parts: WorkerParts): Promise<AttemptEnd> {
  const { store } = parts;
  const stop = findStopReason(attempt.signal);
  if (stop === 'lost') return { outcome: 'lost' };
  if (stop === 'drain') {
    attempt.log.note('The worker is going away: this build goes back to the queue');
    await attempt.log.end();
    await store.attempts.release(attempt.claim);
    return { outcome: 'released' };
  }
  const failure = classifyFailure(stop === 'timeout' ? attempt.signal.reason : error, parts.settings);
  if (failure.failureClass === 'platform') attempt.logger.error({ err: error }, 'Build failed on our side');
  attempt.log.note(`ERROR: ${failure.message}`);
  const { failureClass } = failure;
  const reason = attempt.log.mask(failure.message);
  const delayMs = findRetryDelay(failureClass, attempt.build.retries);
  if (delayMs !== undefined) attempt.log.note(`It is not the build's fault: trying again in ${formatSeconds(delayMs)}`);
  await attempt.log.end();
  const isOurs =
    delayMs === undefined
      ? await store.attempts.fail(attempt.claim, { failureClass, reason })
      : await store.attempts.retry(attempt.claim, { failureClass, reason }, { delayMs });
  if (!isOurs) return { outcome: 'lost' };
  return { outcome: delayMs === undefined ? 'failed' : 'retried', failureClass, reason };
}

const formatSeconds = (ms: number) => `${Math.max(1, Math.round(ms / 1000))} s`;

const claimOf = ({ id, attempt, worker }: BuildRecord): Claim => ({ buildId: id, attempt, worker });
const folderOf = ({ id, attempt }: BuildRecord, { settings }: WorkerParts) =>
  join(settings.folder, 'builds', `${id}-${attempt}`);

async function openAttempt(build: BuildRecord, controller: AbortController, parts: WorkerParts): Promise<Attempt> {
  const { store, settings, announcer, metrics } = parts;
  const startedAt = new Date();
  const claim = claimOf(build);
  const app = await store.apps.find(build.app);
  if (app === undefined) throw new AttemptStop('lost');
  const latest = await store.releases.latest(build.app);
  const environment = parseEnvironment(latest?.environment ?? '');
  const login = isObjectUrl(build.source) ? Promise.resolve(undefined) : findBuildLogin(build.id, parts);
  // One that cannot be opened fails the step that needs it.
  const password = (await login.catch(() => undefined))?.password;
  const folder = folderOf(build, parts);
  await mkdir(folder, { recursive: true });
  const log = createBuildLog({
    append: (bytes, options) => store.logs.append(claim, bytes, options),
    announce: (seq) => announcer.announceLog(build.id, seq),
    onFenced: () => controller.abort(new AttemptStop('lost')),
    onBytes: (result, bytes) => metrics.logBytes.inc({ result }, bytes),
    masker: createSecretMasker([...environment.values(), ...(password === undefined ? [] : [password])]),
    maxBytes: settings.logLimitBytes,
    signal: controller.signal,
  });
  const span = await startAttemptSpan(build, { mask: log.mask, startedAt }, parts);
  const { id: buildId, attempt } = build;
  const fields = { buildId, attempt, app: build.app, traceId: span.traceId };
  // What the daemon says of a step has the values of its arguments in it.
  const logger = createMaskedLogger(parts.logger, { fields, mask: log.mask });
  return { app, build, claim, environment, login, log, logger, span, folder, signal: controller.signal };
}

async function runToItsEnd(attempt: Attempt, parts: WorkerParts): Promise<void> {
  const { logger } = attempt;
  const startedAt = performance.now();
  logger.info('Build started');
  try {
    const release = await parts.runBuild(attempt, parts);
    logger.info({ releaseId: release.id }, 'Build complete');
    reportAttemptEnd({ outcome: 'complete' }, { attempt, startedAt }, parts.metrics);
  } catch (error) {
    reportAttemptEnd(await recordFailure(attempt, error, parts), { attempt, startedAt }, parts.metrics);
  }
}

/**
 * Runs one claimed attempt to its end and records that end, whatever happens. Never rejects for the build's own
 * reasons; it rejects when the end could not be recorded, and then the lease runs out and the build is taken up again.
 */
export async function runAttempt(build: BuildRecord, controller: AbortController, parts: WorkerParts): Promise<void> {
  const { settings, announcer, leases, metrics } = parts;
  const lease = leases.keep(claimOf(build), ({ isLapsed }) => {
    if (isLapsed) metrics.lapsedLeases.inc();
    controller.abort(new AttemptStop('lost'));
  });
  const timeout = setTimeout(() => controller.abort(new AttemptStop('timeout')), settings.buildTimeoutMs);
  try {
    await runToItsEnd(await openAttempt(build, controller, parts), parts);
  } finally {
    clearTimeout(timeout);
    lease.drop();
    announcer.announceEnd(build.id);
    await rm(folderOf(build, parts), { recursive: true, force: true });
  }
}
