import type { Place } from './resolve-host.js';

/** Where the rack's own services are. */
export interface OwnServices {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Host and port; `''` for none. */
  readonly registry: { readonly host: string; readonly isPlainHttp: boolean };
}

/** A URL's host and port; none for the path of a socket. */
function placeOf(url: string, defaultPort: number): Place[] {
  if (!URL.canParse(url)) return [];
  const { hostname: host, port } = new URL(url);
  return host === '' ? [] : [{ host, port: Number(port) || defaultPort }];
}

/** What the rack's own services listen on: nobody from outside has us ask them, whichever networks are open. */
export function listOwnServices({ databaseUrl, redisUrl, registry }: OwnServices): Place[] {
  return [
    ...placeOf(databaseUrl, 5432),
    ...placeOf(redisUrl, 6379),
    ...placeOf(`http://${registry.host}`, registry.isPlainHttp ? 80 : 443),
  ];
}
