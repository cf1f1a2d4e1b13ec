import { type GitLogin, type GitSource, gitServerName, shippedHostKeys } from '@convox-builds/domain';
import type { GitAccess } from '@convox-builds/git-source';
import { buildLoginPlace, findGitSecret, type GitCredentialKind } from '@convox-builds/store';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

/** Any name will do for the tokens of most forges; GitHub's documents give this one. */
const ANY_USER = 'x-access-token';

type Parts = Pick<WorkerParts, 'store' | 'settings'>;

/** What the app, or else the rack, has for a server. */
const findStored = (name: { app: string; host: string; kind: GitCredentialKind }, { store, settings }: Parts) =>
  findGitSecret(name, { gitCredentials: store.gitCredentials, secretBox: settings.secretBox });

/** The login that stood in the address of the build's source. */
async function findOwnLogin({ build }: Attempt, { store, settings }: Parts): Promise<GitLogin | undefined> {
  const sealed = await store.builds.findLogin(build.id);
  if (sealed === undefined) return undefined;
  return JSON.parse(settings.secretBox.open(sealed, buildLoginPlace(build.id))) as GitLogin;
}

async function findLogin(
  source: GitSource,
  { attempt, main, isOpened }: { attempt: Attempt; main: GitSource; isOpened: boolean },
  parts: Parts,
): Promise<GitLogin | undefined> {
  const isMain = source.protocol === main.protocol && gitServerName(source) === gitServerName(main);
  const own = isMain ? await findOwnLogin(attempt, parts) : undefined;
  if (own !== undefined && own.password !== '') return own;
  // Anybody on the way can read what goes over plain HTTP, and whoever writes the address chooses it.
  const isSafe = source.protocol === 'https' || isOpened;
  const name = { app: attempt.build.app, host: gitServerName(source), kind: 'token' } as const;
  const stored = isSafe ? await findStored(name, parts) : undefined;
  if (stored === undefined) return own;
  return { username: stored.username || own?.username || ANY_USER, password: stored.secret };
}

/**
 * Finds what lets a build in at a git server: the login in the address of its source, and there only; else what the app or
 * the rack has for the server.
 */
export async function findGitAccess(
  source: GitSource,
  from: { attempt: Attempt; main: GitSource; isOpened: boolean },
  parts: Parts,
): Promise<GitAccess> {
  if (source.protocol !== 'ssh') {
    const login = await findLogin(source, from, parts);
    return { hostKeys: [], ...(login === undefined ? {} : { login }) };
  }
  const host = gitServerName(source);
  const key = await findStored({ app: from.attempt.build.app, host, kind: 'ssh-key' }, parts);
  const pinned = await parts.store.gitHosts.keysOf(host);
  return {
    hostKeys: pinned.length > 0 ? pinned : shippedHostKeys(host),
    ...(key === undefined ? {} : { sshKey: key.secret }),
  };
}
