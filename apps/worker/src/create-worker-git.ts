import { listOwnServices } from '@convox-builds/domain';
import { createGitFetcher, type GitFetcher } from '@convox-builds/git-source';

import type { Settings } from './settings.js';

/** Makes what fetches sources from git servers, as the worker's settings say. */
export function createWorkerGit(settings: Settings, folder: string): GitFetcher {
  const { git, searchPath } = settings;
  return createGitFetcher({ ...git, folder, searchPath, ownServices: listOwnServices(settings) });
}
