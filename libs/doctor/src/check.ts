import type { Finding } from '@convox-builds/domain';

/** What a check says of its thing. */
export type Verdict = Omit<Finding, 'check'>;

/** Looks at one thing. */
export interface Check {
  /** What it is called in findings, e.g. `redis`. */
  readonly name: string;
  /** Rejects when the thing cannot even be looked at: that is a failure, too. */
  readonly run: () => Promise<Verdict>;
}

/** All is well. */
export const ok = (message: string): Verdict => ({ status: 'ok', message });

/** It works, worse than it could. */
export const warning = (message: string): Verdict => ({ status: 'warning', message });

/** It does not work. */
export const failed = (message: string): Verdict => ({ status: 'failed', message });
