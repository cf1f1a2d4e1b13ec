import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { ALL_REFS, type FetchRefsOptions, fetchRefs } from './fetch-refs.js';
import { findCommit } from './find-commit.js';
import { listRefs } from './list-refs.js';
import { runGit } from './run-git.js';

interface Options extends FetchRefsOptions {
  /** The beginning of a commit's id. */
  readonly ref: string;
}

/**
 * Fetches commits without what is in them (git-rev-list(1), `--filter=tree:0`), where the server can do that, into a
 * repository that is thrown away: the one that is kept would say that it has everything of them.
 */
async function findInHistory({ gitDir, ...options }: Options): Promise<string | undefined> {
  const scratch = { ...options, gitDir: join(gitDir, 'commits') };
  const { searchPath, signal, ref } = scratch;
  try {
    const args = ['init', '--quiet', '--bare', '--template=', scratch.gitDir];
    await runGit({ args, gitDir: scratch.gitDir, searchPath, signal });
    await fetchRefs(scratch, ['--filter=tree:0'], ALL_REFS);
    return await findCommit(ref, scratch);
  } finally {
    await rm(scratch.gitDir, { recursive: true, force: true });
  }
}

/**
 * Finds the commit whose id begins so: among those that branches and tags are at, which costs a call, and else among all.
 *
 * @returns `undefined` when there is none, or several
 */
export async function findFullId(options: Options): Promise<string | undefined> {
  const ids = (await listRefs(options)).map(({ id }) => id).filter((id) => id.startsWith(options.ref));
  const [id, another] = new Set(ids);
  if (another !== undefined) return undefined;
  return id ?? findInHistory(options);
}
