import { createAddressPolicy } from '@convox-builds/domain';

import { assertGitVersion } from './assert-git-version.js';
import { type FetcherParts, fetchRepository } from './fetch-repository.js';
import { createGitCache } from './git-cache.js';
import type { GitFetcherOptions } from './git-fetcher-options.js';
import type { FetchedSource, GitRequest } from './git-request.js';
import { lookupHost } from './lookup-host.js';
import { packSource } from './pack-source.js';

/** Fetches sources from git servers. */
export interface GitFetcher {
  /**
   * Brings one commit here.
   *
   * @throws {GitError}
   */
  readonly fetch: (request: GitRequest) => Promise<FetchedSource>;
}

/** Makes what fetches sources. Nothing is done before the first fetch; git has to be there by then. */
export function createGitFetcher(options: GitFetcherOptions): GitFetcher {
  const { folder, maxKeptBytes, searchPath, openNetworks, ownServices, lookup = lookupHost } = options;
  const parts: FetcherParts = {
    options,
    cache: createGitCache({ folder, maxBytes: maxKeptBytes, searchPath }),
    resolve: { policy: createAddressPolicy(openNetworks), ownServices, lookup },
  };
  return {
    fetch: async (request) => {
      await assertGitVersion(searchPath, request.signal);
      const repository = await fetchRepository(request, request, parts);
      const tar = packSource(repository, request, parts);
      const close = async () => {
        await tar.return(undefined);
        await repository.release();
      };
      return { commit: repository.commit, tar, close };
    },
  };
}
