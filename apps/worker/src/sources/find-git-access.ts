import { type GitLogin, type GitSource, gitServerName } from '@convox-builds/domain';
import type { GitAccess } from '@convox-builds/git-source';
import { buildLoginPlace, findStoredGitAccess } from '@convox-builds/store';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

type Parts = Pick<WorkerParts, 'store' | 'settings'>;

/** The login that stood in the address of the build's source. */
async function findOwnLogin({ build }: Attempt, { store, settings }: Parts): Promise<GitLogin | undefined> {
  const sealed = await store.builds.findLogin(build.id);
  if (sealed === undefined) return undefined;
  return JSON.parse(settings.secretBox.open(sealed, buildLoginPlace(build.id))) as GitLogin;
}

/**
 * Finds what lets a build in at a git server: the login in the address of its source, and there only; else what the app or
 * the rack has for the server.
 */
export async function findGitAccess(
  source: GitSource,
  { attempt, main, isOpened }: { attempt: Attempt; main: GitSource; isOpened: boolean },
  parts: Parts,
): Promise<GitAccess> {
  const { store, settings } = parts;
  const isMain = source.protocol === main.protocol && gitServerName(source) === gitServerName(main);
  const own = isMain && source.protocol !== 'ssh' ? await findOwnLogin(attempt, parts) : undefined;
  if (own !== undefined && own.password !== '') return { hostKeys: [], login: own };
  const { app } = attempt.build;
  const { secretBox } = settings;
  const stored = await findStoredGitAccess(source, { app, isOpened, username: own?.username }, { store, secretBox });
  return { ...(own === undefined ? {} : { login: own }), ...stored };
}
