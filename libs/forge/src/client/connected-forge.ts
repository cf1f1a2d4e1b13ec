/** The forges that can be told of builds: those that have an API for it. */
export const CONNECTED_FORGE_KINDS = ['github', 'gitlab', 'bitbucket', 'gitea'] as const;

/** A forge that can be told of builds. */
export type ConnectedForgeKind = (typeof CONNECTED_FORGE_KINDS)[number];

const PATHS: Readonly<Record<ConnectedForgeKind, string>> = {
  github: '/api/v3',
  gitlab: '/api/v4',
  bitbucket: '/2.0',
  gitea: '/api/v1',
};

/** Where the API of a forge is, unless somebody put it elsewhere. */
export function defaultApiUrl(kind: ConnectedForgeKind, host: string): string {
  if (kind === 'github' && host === 'github.com') return 'https://api.github.com';
  return kind === 'bitbucket' ? `https://api.${host}${PATHS.bitbucket}` : `https://${host}${PATHS[kind]}`;
}
