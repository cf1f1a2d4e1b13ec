import { createAddressPolicy } from '@convox-builds/domain';

import { assertGitVersion } from './assert-git-version.js';
import { atServer } from './at-server.js';
import { explainGitFailure } from './explain-git-failure.js';
import type { GitFetcherOptions } from './git-fetcher-options.js';
import type { GitRequest } from './git-request.js';
import { limitTime } from './limit-transfer.js';
import { listRefs, type RemoteRef } from './list-refs.js';
import { lookupHost } from './lookup-host.js';
import { GitProcessError } from './start-confined.js';

/** Which servers may be asked, and for how long. */
export interface RemoteRefsOptions
  extends Pick<GitFetcherOptions, 'openNetworks' | 'ownServices' | 'caFile' | 'searchPath' | 'lookup'> {
  readonly timeoutMs: number;
}

/**
 * Lists the branches and tags of a repository, by the rules by which sources are fetched: same addresses, same logins,
 * same words when it fails. Nothing is fetched and nothing is kept.
 *
 * @throws {GitError}
 */
export async function listRemoteRefs(
  request: Pick<GitRequest, 'source' | 'findAccess' | 'signal'>,
  options: RemoteRefsOptions,
): Promise<RemoteRef[]> {
  const { openNetworks, ownServices, caFile, searchPath, timeoutMs, lookup = lookupHost } = options;
  const resolve = { policy: createAddressPolicy(openNetworks), ownServices, lookup };
  const limit = limitTime(timeoutMs);
  const signal = AbortSignal.any([request.signal, limit.signal]);
  const { source, findAccess } = request;
  try {
    await assertGitVersion(searchPath, signal);
    return await atServer(source, { resolve, findAccess, caFile, signal }, async (server, transport) => {
      const place = server.source;
      return listRefs({ source: place, transport, searchPath, signal }).catch((error: unknown) =>
        Promise.reject(error instanceof GitProcessError ? explainGitFailure(error, place) : error),
      );
    });
  } finally {
    limit.stop();
  }
}
