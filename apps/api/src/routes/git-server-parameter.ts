import { isGitServerName } from '@convox-builds/domain';

import { notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';

/**
 * Reads a route's `host`. What cannot be the name of a server is not looked for.
 *
 * @throws {HttpError} 404 `<what> not found: <host>`
 */
export function gitServerParameter(
  ctx: { readonly params: Readonly<Record<string, string>> },
  what: 'git credential' | 'git host' | 'forge',
): string {
  const host = pathParameter(ctx, 'host').toLowerCase();
  if (!isGitServerName(host)) throw notFound(what, host);
  return host;
}
