import { GitError } from './git-error.js';
import { type GitCall, startGit } from './run-git.js';
import { GitProcessError } from './start-confined.js';

/** A file, a link or a submodule of a commit. */
export interface TreeEntry {
  /** Octal, as git has it: `100644`, `100755`, `120000` for a symbolic link, `160000` for a submodule. */
  readonly mode: string;
  /** Id of the blob, or of the submodule's commit. */
  readonly id: string;
  /** Bytes of the blob; 0 for a submodule. */
  readonly size: number;
  /** Below the folder that is read. */
  readonly path: string;
}

const ENTRY = /^(\d{6}) \w+ ([0-9a-f]+) +(-|\d+)\t(.*)$/s;

function parseEntry(line: string): TreeEntry {
  const [, mode = '', id = '', size = '', path = ''] = ENTRY.exec(line) ?? [];
  return { mode, id, size: Number(size) || 0, path };
}

/** What is no folder is a mistake of who asked for it. */
function explain(error: unknown, { commit, subdir }: { commit: string; subdir: string }): unknown {
  if (!(error instanceof GitProcessError) || subdir === '') return error;
  return new GitError('not-found', `there is no folder "${subdir}" in commit ${commit.slice(0, 10)}`, { cause: error });
}

/**
 * Lists everything in a folder of a commit, as it was committed.
 *
 * @throws {GitError} `not-found` when there is no such folder, `too-large` when it has more than `maxEntries`
 */
export async function* readTree(
  folder: { commit: string; subdir: string; maxEntries: number },
  call: Omit<GitCall, 'args'>,
): AsyncGenerator<TreeEntry> {
  const { commit, subdir, maxEntries } = folder;
  const git = startGit({ ...call, args: ['ls-tree', '-r', '-z', '-l', '--full-tree', `${commit}:${subdir}`] });
  git.stdin.end();
  let rest = '';
  let count = 0;
  try {
    for await (const piece of git.stdout.setEncoding('utf8')) {
      const lines = (rest + String(piece)).split('\0');
      rest = lines.pop() ?? '';
      count += lines.length;
      if (count > maxEntries) throw new GitError('too-large', `the source has more than ${maxEntries} files`);
      for (const line of lines) yield parseEntry(line);
    }
    await git.ended.catch((error: unknown) => Promise.reject(explain(error, folder)));
  } finally {
    git.kill();
  }
}
