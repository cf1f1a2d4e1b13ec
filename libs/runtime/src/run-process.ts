import { maskCredentials } from './mask-credentials.js';
import { StartError } from './start-error.js';

/**
 * Runs the start of a process; one that fails is said on standard error and ends the process with 1. What a
 * person has to mend is said without its stack.
 */
export async function runProcess(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    const isForPeople = error instanceof StartError;
    const text =
      error instanceof Error ? (isForPeople ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`${maskCredentials(text)}\n`);
    process.exit(1);
  }
}
