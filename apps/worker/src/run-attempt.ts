import { rm } from 'node:fs/promises';

import type { BuildRecord } from '@convox-builds/store';

import { type AttemptReport, AttemptStop } from './attempt.js';
import { reportAttemptEnd } from './attempt-end.js';
import { claimOf, folderOf, openReport, readInputs } from './open-attempt.js';
import { recordFailure } from './record-failure.js';
import type { WorkerParts } from './worker-parts.js';

async function runToItsEnd(build: BuildRecord, controller: AbortController, parts: WorkerParts): Promise<void> {
  const startedAt = performance.now();
  let report: AttemptReport | undefined;
  try {
    const { secrets, ...inputs } = await readInputs(build, parts);
    report = await openReport(build, { secrets, controller }, parts);
    report.logger.info('Build started');
    const release = await parts.runBuild({ ...report, ...inputs }, parts);
    report.logger.info({ releaseId: release.id }, 'Build complete');
    reportAttemptEnd({ outcome: 'complete' }, { attempt: report, startedAt }, parts.metrics);
  } catch (error) {
    // One that could not even begin has read no secret.
    report ??= await openReport(build, { secrets: [], controller }, parts);
    reportAttemptEnd(await recordFailure(report, error, parts), { attempt: report, startedAt }, parts.metrics);
  }
}

/**
 * Runs one claimed attempt to its end and records that end, whatever happens. Never rejects for the build's own
 * reasons; it rejects when the end could not be recorded, and then the lease runs out and the build is taken up again.
 */
export async function runAttempt(build: BuildRecord, controller: AbortController, parts: WorkerParts): Promise<void> {
  const { settings, announcer, leases, metrics, logger } = parts;
  const lease = leases.keep(claimOf(build), ({ isLapsed }) => {
    if (isLapsed) metrics.lapsedLeases.inc();
    controller.abort(new AttemptStop('lost'));
  });
  const timeout = setTimeout(() => controller.abort(new AttemptStop('timeout')), settings.buildTimeoutMs);
  try {
    await runToItsEnd(build, controller, parts);
  } finally {
    clearTimeout(timeout);
    lease.drop();
    announcer.announceEnd(build.id);
    // What is left is cleared away at the next start of the worker.
    await rm(folderOf(build, parts), { recursive: true, force: true }).catch((error: unknown) =>
      logger.warn({ err: error, buildId: build.id }, 'Cannot remove the folder of a build'),
    );
  }
}
