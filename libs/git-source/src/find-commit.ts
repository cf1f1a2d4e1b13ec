import { type GitCall, runGit } from './run-git.js';
import { GitProcessError } from './start-confined.js';

/** Finds the full id of a commit that is in a repository; `undefined` when there is none of that name, or several. */
export async function findCommit(
  name: string,
  { gitDir, searchPath, signal }: Omit<GitCall, 'args'>,
): Promise<string | undefined> {
  const args = ['rev-parse', '--quiet', '--verify', `${name}^{commit}`];
  try {
    return (await runGit({ args, gitDir, searchPath, signal })).trim();
  } catch (error) {
    if (error instanceof GitProcessError) return undefined;
    throw error;
  }
}
