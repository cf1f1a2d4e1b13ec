import { createGitFetcher, type GitFetcher, type Place } from '@convox-builds/git-source';

import type { Settings } from './settings.js';

/** A URL's host and port; none for the path of a socket. */
function placeOf(url: string, defaultPort: number): Place[] {
  if (!URL.canParse(url)) return [];
  const { hostname: host, port } = new URL(url);
  return host === '' ? [] : [{ host, port: Number(port) || defaultPort }];
}

/** What the rack's own services listen on: no source may be fetched from there, whichever networks are open. */
function listOwnServices({
  databaseUrl,
  redisUrl,
  registry,
}: Pick<Settings, 'databaseUrl' | 'redisUrl' | 'registry'>): Place[] {
  return [
    ...placeOf(databaseUrl, 5432),
    ...placeOf(redisUrl, 6379),
    ...placeOf(`http://${registry.host}`, registry.isPlainHttp ? 80 : 443),
  ];
}

/** Makes what fetches sources from git servers, as the worker's settings say. */
export function createWorkerGit(settings: Settings, folder: string): GitFetcher {
  const { git, searchPath } = settings;
  return createGitFetcher({ ...git, folder, searchPath, ownServices: listOwnServices(settings) });
}
