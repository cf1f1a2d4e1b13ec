import { type GitSource, gitServerName } from '@convox-builds/domain';
import type { GitAccess } from '@convox-builds/git-source';
import { findStoredGitAccess } from '@convox-builds/store';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

type Parts = Pick<WorkerParts, 'store' | 'settings'>;

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
  const own = isMain && source.protocol !== 'ssh' ? await attempt.login : undefined;
  if (own !== undefined && own.password !== '') return { hostKeys: [], login: own };
  const { app } = attempt.build;
  const { secretBox } = settings;
  const stored = await findStoredGitAccess(source, { app, isOpened, username: own?.username }, { store, secretBox });
  return { ...(own === undefined ? {} : { login: own }), ...stored };
}
