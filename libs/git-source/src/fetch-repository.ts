import { readFile } from 'node:fs/promises';

import { fetchCommit } from './fetch-commit.js';
import type { GitCache, LeasedRepository } from './git-cache.js';
import type { GitFetcherOptions } from './git-fetcher-options.js';
import type { FetchedSource, GitRequest } from './git-request.js';
import type { GitServer } from './http/git-server.js';
import { openTransport } from './open-transport.js';
import { readCommit } from './read-commit.js';
import { type ResolveOptions, resolveHost } from './resolve-host.js';

/** One repository with the commit in it. */
export interface FetchedRepository extends LeasedRepository {
  /** From where it came. */
  readonly server: GitServer;
  readonly commit: FetchedSource['commit'];
}

/** What a fetcher works with. */
export interface FetcherParts {
  readonly options: GitFetcherOptions;
  readonly cache: GitCache;
  readonly resolve: ResolveOptions;
}

/** A repository, and the commit when it is known already. */
export type Wanted = Pick<GitRequest, 'source' | 'commit'>;

/**
 * Brings one commit into the repository that is kept for its owner and address, and leases that.
 *
 * @throws {GitError}
 */
export async function fetchRepository(
  wanted: Wanted,
  request: GitRequest,
  parts: FetcherParts,
): Promise<FetchedRepository> {
  const { options, cache, resolve } = parts;
  const { source, commit } = wanted;
  const { owner, signal, findAccess } = request;
  const { limits, searchPath, caFile } = options;
  const address = await resolveHost(source, resolve);
  const access = await findAccess(source, resolve.policy.isOpened(address));
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  const server = { source, address, access, resolve, ca };
  const transport = await openTransport(source, address, { ...access, caFile });
  try {
    const repository = await cache.lease(`${owner} ${source.remote}`, signal);
    const { gitDir } = repository;
    const call = { gitDir, searchPath, signal };
    try {
      const fetched = await fetchCommit({ ...call, source, ref: commit ?? source.ref, transport, limits });
      return { ...repository, server, commit: { ...fetched, ...(await readCommit(fetched.id, call)) } };
    } catch (error) {
      await repository.release();
      throw error;
    }
  } finally {
    await transport.close();
  }
}
