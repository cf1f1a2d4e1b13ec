import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { explainGitFailure } from './explain-git-failure.js';
import { ALL_OF_IT, ALL_REFS, type FetchRefsOptions, fetchRefs } from './fetch-refs.js';
import { findCommit } from './find-commit.js';
import { findFullId } from './find-full-id.js';
import { GitError } from './git-error.js';
import { GitProcessError } from './start-confined.js';

/** What is fetched, from where, and into which repository. */
export interface FetchCommitOptions extends FetchRefsOptions {
  /** Instead of the source's own: a full commit id, or anything that `ref` of a source may be. */
  readonly ref: string;
}

/** A commit that is in the repository now. */
export interface FetchedCommit {
  /** Its full id. */
  readonly id: string;
  /** The branch that was asked for by its name; `''` for a tag, a commit, or what the server calls HEAD. */
  readonly branch: string;
}

const FULL_ID = /^[0-9a-f]{40}$/;
const SHORT_ID = /^[0-9a-f]{7,39}$/;
const NONE_OR_SEVERAL = 'there is no such branch, tag or commit, or several begin like that';

/** The names under which the repository keeps what it has: git offers them to the server, and gets only what is new. */
function keptName(ref: string): string {
  if (FULL_ID.test(ref)) return 'refs/kept/commit';
  return `refs/kept/${createHash('sha256').update(ref).digest('hex').slice(0, 16)}`;
}

/** What `git fetch` notes of the first ref: `<id>\t\tbranch '<name>' of <remote>`. */
async function readBranch(gitDir: string): Promise<string> {
  const note = await readFile(join(gitDir, 'FETCH_HEAD'), 'utf8');
  return /^[0-9a-f]+\t[^\t]*\tbranch '([^'\n]+)' of /.exec(note)?.[1] ?? '';
}

/** Some servers give out no commit by its id: then everything has to come. */
async function fetchFromAll(options: FetchCommitOptions): Promise<FetchedCommit> {
  await fetchRefs(options, [ALL_OF_IT], ALL_REFS);
  const id = await findCommit(options.ref, options);
  if (id === undefined) throw new GitError('not-found', NONE_OR_SEVERAL);
  return { id, branch: '' };
}

/** No server knows a commit by the beginning of its id: all of it has to be found out first. */
async function fetchByBeginning(options: FetchCommitOptions): Promise<FetchedCommit> {
  const id = await findFullId(options);
  if (id === undefined) throw new GitError('not-found', NONE_OR_SEVERAL);
  return fetchOne({ ...options, ref: id });
}

const needsAll = ({ stderr }: GitProcessError, ref: string) =>
  FULL_ID.test(ref) && /not our ref|unadvertised object|remote error: upload-pack/.test(stderr);
const isBeginning = ({ stderr }: GitProcessError, ref: string) =>
  SHORT_ID.test(ref) && /couldn't find remote ref/.test(stderr);

async function fetchOne(options: FetchCommitOptions): Promise<FetchedCommit> {
  const ref = options.ref === '' ? 'HEAD' : options.ref;
  const kept = keptName(ref);
  try {
    await fetchRefs(options, ['--depth=1'], [`+${ref}:${kept}`]);
  } catch (error) {
    if (!(error instanceof GitProcessError)) throw error;
    if (needsAll(error, ref)) return fetchFromAll(options);
    if (isBeginning(error, ref)) return fetchByBeginning(options);
    throw error;
  }
  const id = await findCommit(kept, options);
  if (id === undefined) throw new GitError('not-found', `"${ref}" is no commit`);
  return { id, branch: await readBranch(options.gitDir) };
}

/**
 * Brings one commit, without its history, into a repository; only what that has not yet is sent.
 *
 * @throws {GitError}
 */
export async function fetchCommit(options: FetchCommitOptions): Promise<FetchedCommit> {
  try {
    return await fetchOne(options);
  } catch (error) {
    throw error instanceof GitProcessError ? explainGitFailure(error, options.source) : error;
  }
}
