import { type GitSource, gitServerName, shippedHostKeys } from '@convox-builds/domain';
import type { GitAccess } from '@convox-builds/git-source';
import { findGitSecret } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';

/** Any name will do for the tokens of most forges; GitHub's documents give this one. */
const ANY_USER = 'x-access-token';

/** Finds what lets an app's polls in at a git server: what its builds have for it. */
export async function findPollAccess(
  source: GitSource,
  { app, isOpened }: { app: string; isOpened: boolean },
  { store, settings }: Pick<ApiParts, 'store' | 'settings'>,
): Promise<GitAccess> {
  const host = gitServerName(source);
  const parts = { gitCredentials: store.gitCredentials, secretBox: settings.secretBox };
  if (source.protocol === 'ssh') {
    const key = await findGitSecret({ app, host, kind: 'ssh-key' }, parts);
    const pinned = await store.gitHosts.keysOf(host);
    const hostKeys = pinned.length > 0 ? pinned : shippedHostKeys(host);
    return { hostKeys, ...(key === undefined ? {} : { sshKey: key.secret }) };
  }
  // Anybody on the way can read what goes over plain HTTP.
  const isSafe = source.protocol === 'https' || isOpened;
  const token = isSafe ? await findGitSecret({ app, host, kind: 'token' }, parts) : undefined;
  if (token === undefined) return { hostKeys: [] };
  return { hostKeys: [], login: { username: token.username || ANY_USER, password: token.secret } };
}
