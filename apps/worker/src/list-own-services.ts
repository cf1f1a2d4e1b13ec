import type { Place } from '@convox-builds/git-source';

import type { Settings } from './settings.js';

/** A URL's host and port; none for the path of a socket. */
function placeOf(url: string, defaultPort: number): Place[] {
  if (!URL.canParse(url)) return [];
  const { hostname: host, port } = new URL(url);
  return host === '' ? [] : [{ host, port: Number(port) || defaultPort }];
}

/** Lists what the rack's own services listen on: no source may be fetched from there, whichever networks are open. */
export function listOwnServices({
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
