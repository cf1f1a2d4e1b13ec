import { execFile } from 'node:child_process';

/** What git says of a source folder. */
export interface SourceDescription {
  /** Full id of the commit that is checked out. */
  readonly commit: string | undefined;
  /** Name of the branch that is checked out; `undefined` for a commit by itself, as CI services check it out. */
  readonly branch: string | undefined;
  /** `build <10 characters of the commit> <subject>`, when nothing differs from the commit. */
  readonly description: string | undefined;
}

/** Runs git and gives its output, or `undefined` when git is missing, refuses, or says no. */
function runGit(folder: string, args: readonly string[]): Promise<string | undefined> {
  // Without optional locks: git must not write into the folder that is about to be packed.
  const full = ['-C', folder, '--no-optional-locks', ...args];
  return new Promise((resolve) => {
    execFile('git', full, { timeout: 30_000 }, (error, stdout) => resolve(error === null ? stdout.trim() : undefined));
  });
}

/** Asks git for the commit and, when the folder is clean, for a description. A folder without git has neither. */
export async function describeSource(folder: string): Promise<SourceDescription> {
  const [branch, difference, last] = await Promise.all([
    runGit(folder, ['branch', '--show-current']),
    runGit(folder, ['diff', '--quiet', 'HEAD']),
    runGit(folder, ['log', '-n', '1', '--pretty=%H%n%h %s', '--abbrev=10']),
  ]);
  const [commit, subject] = last?.split('\n') ?? [];
  const isClean = difference !== undefined && subject !== undefined;
  return { commit, branch: branch || undefined, description: isClean ? `build ${subject}` : undefined };
}
