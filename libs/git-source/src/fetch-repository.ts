import { atServer } from './at-server.js';
import { fetchCommit } from './fetch-commit.js';
import type { GitCache, LeasedRepository } from './git-cache.js';
import type { GitFetcherOptions } from './git-fetcher-options.js';
import type { FetchedSource, GitRequest } from './git-request.js';
import type { GitServer } from './http/git-server.js';
import { readCommit } from './read-commit.js';
import type { ResolveOptions } from './resolve-host.js';

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
  const { owner, signal, findAccess } = request;
  const { limits, searchPath, caFile } = options;
  const ref = wanted.commit ?? wanted.source.ref;
  return atServer(wanted.source, { resolve, findAccess, caFile, signal }, async (server, transport) => {
    const { source } = server;
    const repository = await cache.lease(`${owner} ${source.remote}`, signal);
    const call = { gitDir: repository.gitDir, searchPath, signal };
    try {
      const fetched = await fetchCommit({ ...call, source, ref, transport, limits });
      return { ...repository, server, commit: { ...fetched, ...(await readCommit(fetched.id, call)) } };
    } catch (error) {
      await repository.release();
      throw error;
    }
  });
}
