import { runChecks } from '@convox-builds/doctor';
import type { Finding } from '@convox-builds/domain';

import type { WorkerParts } from '../worker-parts.js';
import { workerChecks } from './worker-checks.js';

const EVERY_MS = 5 * 60_000;

/** What a worker knows of its own state. */
export interface SelfExamination {
  /** The latest; none before the first checks have ended. */
  readonly findings: () => readonly Finding[];
  readonly stop: () => Promise<void>;
}

/**
 * Checks what the worker works with, now and every five minutes. The log has a line for what gets worse or better; the
 * worker goes on, since what it lacks may come back.
 */
export function startSelfExamination(parts: WorkerParts): SelfExamination {
  const { logger } = parts;
  const checks = workerChecks(parts);
  let latest: readonly Finding[] = [];

  async function examine(): Promise<void> {
    const before = new Map(latest.map(({ check, status }) => [check, status]));
    latest = await runChecks(checks);
    for (const { check, status, message } of latest) {
      if (status === (before.get(check) ?? 'ok')) continue;
      if (status === 'ok') logger.info({ check, finding: message }, 'A finding is gone');
      else logger.warn({ check, status, finding: message }, 'The doctor found something');
    }
  }

  let running = examine();
  const timer = setInterval(() => {
    running = examine();
  }, EVERY_MS);
  return {
    findings: () => latest,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
