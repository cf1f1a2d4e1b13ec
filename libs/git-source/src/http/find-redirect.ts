import { type GitSource, parseGitUrl } from '@convox-builds/domain';

import { callHttp } from './call-http.js';
import { authorise, type GitServer } from './git-server.js';

/** What git asks for first (gitprotocol-http(5)). */
const FIRST = '/info/refs';

/** Only to the same server, or from http to https on the same host. */
function isSameServer(from: URL, to: URL): boolean {
  const isSecured = from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname;
  return to.username === '' && to.password === '' && (from.origin === to.origin || isSecured);
}

function parse(remote: string, { ref, subdir }: GitSource): GitSource | undefined {
  try {
    return { ...parseGitUrl(remote).source, ref, subdir };
  } catch {
    return undefined;
  }
}

/**
 * Asks a server that sends git away where it moved a repository to: a new name of it, or the same over https.
 *
 * @returns `undefined` when it sends us where nobody may follow
 * @throws {GitError}
 */
export async function findRedirect(server: GitServer, signal: AbortSignal): Promise<GitSource | undefined> {
  const { source, address, access, ca } = server;
  const asked = new URL(`${source.remote}${FIRST}?service=git-upload-pack`);
  const response = await callHttp(asked, { address, ca, headers: authorise(access), signal });
  response.destroy();
  const { location } = response.headers;
  const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0);
  if (!isRedirect || location === undefined || !URL.canParse(location, asked.href)) return undefined;
  const to = new URL(location, asked);
  if (!isSameServer(asked, to) || !to.pathname.endsWith(FIRST) || to.search !== asked.search) return undefined;
  return parse(`${to.origin}${to.pathname.slice(0, -FIRST.length)}`, source);
}
