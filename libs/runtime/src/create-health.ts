import { answerWithin } from './answer-within.js';
import type { Logger } from './create-logger.js';

/** One thing that a process needs for its work. */
export interface HealthCheck {
  /** What it is called in answers and in the log, e.g. `database`. */
  readonly name: string;
  /** Resolves when it is well. */
  readonly check: () => Promise<void>;
  /** What is said of it when it is not: of the error, which may name hosts, nothing. Default `does not answer`. */
  readonly problem?: string;
  /** Whether the process is of no use without it; `false`: it is only reported. Default `true`. */
  readonly isRequired?: boolean;
}

/** Options of {@link createHealth}. */
export interface HealthOptions {
  readonly checks: readonly HealthCheck[];
  readonly logger: Logger;
  /** Aborted when the process begins to stop: from then on it says so, and nothing else. */
  readonly signal?: AbortSignal;
  /** How long each check may take, in milliseconds; default 2000. */
  readonly timeoutMs?: number;
}

/** What a process can say of itself. */
export interface HealthReport {
  /** Whether it has what it needs. One that stops needs nothing any more. */
  readonly isReady: boolean;
  /** Lines for people: `ok` when it is ready, then one for each part that is not well; or `draining`. */
  readonly text: string;
}

/** Tells whether a process has what it needs. */
export interface Health {
  /** Asks every part; never rejects. */
  readonly report: () => Promise<HealthReport>;
}

type Ask = () => Promise<string | undefined>;

const TIMEOUT_MS = 2000;

/**
 * Makes the question of one check; its answer is a line when something is wrong. Anybody may ask, as often as they
 * like: a check that has not answered yet is not started again, so that a part that is stuck is not buried in questions.
 */
function createAsk({ name, check, problem = 'does not answer' }: HealthCheck, timeoutMs: number, logger: Logger): Ask {
  let running: Promise<void> | undefined;
  let isWell = true;
  return async () => {
    running ??= check().finally(() => {
      running = undefined;
    });
    try {
      await answerWithin(running, timeoutMs);
      if (!isWell) logger.info({ part: name }, 'A part is well again');
      isWell = true;
      return undefined;
    } catch (error) {
      if (isWell) logger.warn({ err: error, part: name }, 'A part is not well');
      isWell = false;
      return `${name} ${problem}`;
    }
  };
}

/** Makes the health of a process from what it needs. The log has a line whenever a part gets ill or well. */
export function createHealth({ checks, logger, signal, timeoutMs = TIMEOUT_MS }: HealthOptions): Health {
  const asks = checks.map((check) => ({
    isRequired: check.isRequired ?? true,
    ask: createAsk(check, timeoutMs, logger),
  }));
  return {
    report: async () => {
      // Kubelet goes on asking, and takes any other answer for an illness.
      if (signal?.aborted === true) return { isReady: true, text: 'draining\n' };
      const answers = await Promise.all(asks.map(async ({ isRequired, ask }) => ({ isRequired, line: await ask() })));
      const failing = answers.filter(({ line }) => line !== undefined);
      const isReady = failing.every(({ isRequired }) => !isRequired);
      const lines = [...(isReady ? ['ok'] : []), ...failing.map(({ line }) => line)];
      return { isReady, text: `${lines.join('\n')}\n` };
    },
  };
}
