import { StartError } from './start-error.js';

/** One variable that is missing or has a value that cannot be used. */
export interface EnvironmentIssue {
  readonly variable: string;
  /** What is wrong with it; never its value, which may be a secret. */
  readonly problem: string;
}

/** The environment of a process cannot be used. The message has one line for each variable. */
export class EnvironmentError extends StartError {
  override readonly name = 'EnvironmentError';
  readonly issues: readonly EnvironmentIssue[];

  constructor(issues: readonly EnvironmentIssue[]) {
    const lines = issues.map(({ variable, problem }) => `  ${variable}: ${problem}`);
    super(`Cannot start: the environment has ${issues.length === 1 ? 'a mistake' : 'mistakes'}\n${lines.join('\n')}`);
    this.issues = issues;
  }
}
