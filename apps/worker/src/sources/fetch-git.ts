import { join } from 'node:path';
import { Readable } from 'node:stream';

import { indexTar, type TarSource, TarSourceError, type TarSourceErrorCode } from '@convox-builds/buildkit-client';
import { formatGitUrl, parseGitUrl } from '@convox-builds/domain';
import { GitError, type GitErrorCode } from '@convox-builds/git-source';

import { type Attempt, AttemptStop } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';
import { findGitAccess } from './find-git-access.js';

const FULL_ID = /^[0-9a-f]{40}$/;

/** What it means that a source cannot be indexed; that it is damaged is our own fault, who packed it. */
const CODES: Readonly<Record<TarSourceErrorCode, GitErrorCode>> = {
  corrupt: 'unavailable',
  unsafe: 'refused',
  'too-large': 'too-large',
};

async function fetchAndIndex(attempt: Attempt, parts: WorkerParts): Promise<TarSource> {
  const { app, build, claim, log, folder, signal } = attempt;
  const { source: main } = parseGitUrl(build.source);
  const fetched = await parts.git.fetch({
    source: main,
    // Known from the request or an earlier attempt: whatever the branch has become, the build stays what it is.
    ...(FULL_ID.test(build.gitSha) ? { commit: build.gitSha } : {}),
    owner: app.sourceKey,
    withSubmodules: build.options.submodules === true,
    findAccess: (source, isOpened) => findGitAccess(source, { attempt, main, isOpened }, parts),
    onWarning: log.line,
    signal,
  });
  try {
    const { id, branch, author, subject } = fetched.commit;
    if (!(await parts.store.attempts.saveCommit(claim, { id, branch, author, subject }))) throw new AttemptStop('lost');
    log.line(`Commit ${id.slice(0, 10)} by ${author}: ${subject}`);
    const archive = Readable.from(fetched.tar);
    const { maxBytes } = parts.settings.git.limits;
    const limits = { maxBytes, maxFileBytes: maxBytes };
    return await indexTar({ archive, compression: 'none', spoolFile: join(folder, 'source.tar'), limits, signal });
  } finally {
    await fetched.close();
  }
}

/**
 * Fetches a commit from a git server and indexes its tree as it indexes an uploaded archive.
 *
 * @throws {GitError} that names the address
 */
export async function fetchGit(attempt: Attempt, parts: WorkerParts): Promise<TarSource> {
  const url = formatGitUrl(parseGitUrl(attempt.build.source).source);
  attempt.log.line(`Fetching ${url}`);
  try {
    return await fetchAndIndex(attempt, parts);
  } catch (error) {
    if (error instanceof GitError)
      throw new GitError(error.code, `Cannot fetch "${url}": ${error.message}`, { cause: error });
    if (error instanceof TarSourceError)
      throw new GitError(CODES[error.code], `Cannot build "${url}": ${error.reason}`, { cause: error });
    throw error;
  }
}
