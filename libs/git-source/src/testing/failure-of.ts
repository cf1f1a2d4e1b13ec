import type { GitError } from '../git-error.js';

/** How a piece of work failed, as `code: message`; with its stack when it was none of our errors. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (failure: unknown) => failure as GitError,
  );
  return 'code' in error ? `${error.code}: ${error.message}` : String(error.stack);
}
