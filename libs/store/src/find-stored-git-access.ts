import { type GitLogin, type GitSource, gitServerName, shippedHostKeys } from '@convox-builds/domain';

import { type GitCredentialKind, type GitCredentialRepository, gitCredentialPlace } from './git-credentials.js';
import type { GitHostRepository } from './git-hosts.js';
import type { SecretBox } from './secrets/secret-box.js';

/** Any name will do for the tokens of most forges; GitHub's documents give this one. */
const ANY_USER = 'x-access-token';

/** What lets an app in at a git server, opened. */
export interface StoredGitAccess {
  /** For https and http. */
  readonly login?: GitLogin;
  /** For ssh: a private key in OpenSSH's format. */
  readonly sshKey?: string;
  /** For ssh: the keys by which the server is known. */
  readonly hostKeys: readonly string[];
}

/** Who asks, and how. */
export interface StoredGitAccessOptions {
  readonly app: string;
  /** Whether the server is in a network that the rack's operator has opened. */
  readonly isOpened: boolean;
  /** The user of a token that goes with any. */
  readonly username?: string | undefined;
}

/** Where it is stored. */
export interface GitAccessStore {
  readonly gitCredentials: Pick<GitCredentialRepository, 'find'>;
  readonly gitHosts: Pick<GitHostRepository, 'keysOf'>;
}

/**
 * Finds what the app, or else the rack, has for a git server. A token goes over plain HTTP only into networks that are open:
 * anybody on the way can read it, and whoever writes the address chooses it. An ssh server is known by the keys that are
 * pinned, else by those that come with the rack.
 */
export async function findStoredGitAccess(
  source: GitSource,
  { app, isOpened, username }: StoredGitAccessOptions,
  { store, secretBox }: { store: GitAccessStore; secretBox: SecretBox },
): Promise<StoredGitAccess> {
  const host = gitServerName(source);
  const find = async (kind: GitCredentialKind) => {
    const found = await store.gitCredentials.find({ app, host, kind });
    return found && { username: found.username, secret: secretBox.open(found.sealed, gitCredentialPlace(found)) };
  };
  if (source.protocol === 'ssh') {
    const key = await find('ssh-key');
    const pinned = await store.gitHosts.keysOf(host);
    const hostKeys = pinned.length > 0 ? pinned : shippedHostKeys(host);
    return { hostKeys, ...(key === undefined ? {} : { sshKey: key.secret }) };
  }
  const token = source.protocol === 'https' || isOpened ? await find('token') : undefined;
  if (token === undefined) return { hostKeys: [] };
  return { hostKeys: [], login: { username: token.username || username || ANY_USER, password: token.secret } };
}
