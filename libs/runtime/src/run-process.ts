import { EnvironmentError } from './environment-error.js';
import { maskCredentials } from './mask-credentials.js';

/**
 * Runs the start of a process; one that fails is said on standard error and ends the process with 1. A mistake in the
 * environment is said in lines for the person who has to mend it, everything else with its stack.
 */
export async function runProcess(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    const isMistake = error instanceof EnvironmentError;
    const text = error instanceof Error ? (isMistake ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`${maskCredentials(text)}\n`);
    process.exit(1);
  }
}
