import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { GitSource } from '@convox-builds/domain';

import { explainGitFailure } from './explain-git-failure.js';
import { GitError } from './git-error.js';
import { limitTransfer, type TransferLimits } from './limit-transfer.js';
import type { Transport } from './open-transport.js';
import { GitProcessError, runGit } from './run-git.js';

/** What is fetched, from where, and into which repository. */
export interface FetchCommitOptions {
  readonly source: GitSource;
  /** Instead of the source's own: a full commit id, or anything that {@link GitSource.ref} may be. */
  readonly ref: string;
  readonly transport: Transport;
  readonly gitDir: string;
  readonly searchPath: string;
  readonly limits: TransferLimits;
  readonly signal: AbortSignal;
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
/** As git has it (`INFINITE_DEPTH` in `commit.h`): all of the history, also where there is only the end of it. */
const ALL_OF_IT = '--depth=2147483647';
const ALL_REFS = ['+refs/heads/*:refs/all/heads/*', '+refs/tags/*:refs/all/tags/*'];

/** The names under which the repository keeps what it has: git offers them to the server, and gets only what is new. */
function keptName(ref: string): string {
  if (FULL_ID.test(ref)) return 'refs/kept/commit';
  return `refs/kept/${createHash('sha256').update(ref).digest('hex').slice(0, 16)}`;
}

async function fetchRefs(options: FetchCommitOptions, depth: string, refspecs: readonly string[]): Promise<void> {
  const { source, transport, gitDir, searchPath, limits } = options;
  const limit = limitTransfer(gitDir, limits);
  const signal = AbortSignal.any([options.signal, limit.signal]);
  const flags = [
    '--quiet',
    '--force',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-auto-gc',
    '--no-show-forced-updates',
  ];
  const args = ['fetch', ...flags, depth, '--', source.remote, ...refspecs];
  try {
    await runGit({ ...transport.call, args, gitDir, searchPath, signal });
  } finally {
    limit.stop();
  }
}

async function findCommit(
  name: string,
  { gitDir, searchPath, signal }: FetchCommitOptions,
): Promise<string | undefined> {
  const args = ['rev-parse', '--quiet', '--verify', `${name}^{commit}`];
  try {
    return (await runGit({ args, gitDir, searchPath, signal })).trim();
  } catch (error) {
    if (error instanceof GitProcessError) return undefined;
    throw error;
  }
}

/** What `git fetch` notes of the first ref: `<id>\t\tbranch '<name>' of <remote>`. */
async function readBranch(gitDir: string): Promise<string> {
  const note = await readFile(join(gitDir, 'FETCH_HEAD'), 'utf8');
  return /^[0-9a-f]+\t[^\t]*\tbranch '([^'\n]+)' of /.exec(note)?.[1] ?? '';
}

/** Some servers give out no commit by its id, and none does by the beginning of it: then everything has to come. */
async function fetchFromAll(options: FetchCommitOptions): Promise<FetchedCommit> {
  await fetchRefs(options, ALL_OF_IT, ALL_REFS);
  const id = await findCommit(options.ref, options);
  if (id === undefined) {
    throw new GitError('not-found', 'there is no such branch, tag or commit, or several begin like that');
  }
  return { id, branch: '' };
}

function needsAll(error: GitProcessError, ref: string): boolean {
  if (FULL_ID.test(ref)) return /not our ref|unadvertised object|remote error: upload-pack/.test(error.stderr);
  return SHORT_ID.test(ref) && /couldn't find remote ref/.test(error.stderr);
}

async function fetchOne(options: FetchCommitOptions): Promise<FetchedCommit> {
  const ref = options.ref === '' ? 'HEAD' : options.ref;
  const kept = keptName(ref);
  try {
    await fetchRefs(options, '--depth=1', [`+${ref}:${kept}`]);
  } catch (error) {
    if (error instanceof GitProcessError && needsAll(error, ref)) return fetchFromAll(options);
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
