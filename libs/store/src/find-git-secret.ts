import type { GitCredentialName, GitCredentialRepository } from './git-credentials.js';
import { gitCredentialPlace } from './git-credentials.js';
import type { SecretBox } from './secrets/secret-box.js';

/** What lets an app in at a git server, opened. */
export interface GitSecret {
  /** `''` for keys, and for tokens that go with any user. */
  readonly username: string;
  /** The token, or the private key. */
  readonly secret: string;
}

/** Finds what the app, or else the rack, has for a git server. */
export async function findGitSecret(
  name: GitCredentialName & { readonly app: string },
  { gitCredentials, secretBox }: { gitCredentials: Pick<GitCredentialRepository, 'find'>; secretBox: SecretBox },
): Promise<GitSecret | undefined> {
  const found = await gitCredentials.find(name);
  if (found === undefined) return undefined;
  return { username: found.username, secret: secretBox.open(found.sealed, gitCredentialPlace(found)) };
}
