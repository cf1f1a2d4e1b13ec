import { gitServerName } from '@convox-builds/domain';
import { z } from 'zod';

import { explainGitFailure } from '../explain-git-failure.js';
import { GitError } from '../git-error.js';
import { readAnswer } from '../http/call-http.js';
import { authorise, type GitServer } from '../http/git-server.js';
import { openTransport, quote } from '../open-transport.js';
import { resolveUrl } from '../resolve-host.js';
import { GitProcessError, startConfined } from '../start-confined.js';
import { lfsHeadersSchema } from './lfs-headers.js';

/** Where the objects of a repository are asked for. */
export interface LfsServer extends Pick<GitServer, 'address' | 'resolve' | 'ca'> {
  /** `…/info/lfs` */
  readonly url: URL;
  /** What lets us in there. */
  readonly headers: Readonly<Record<string, string>>;
}

/** With what a server is asked. */
export interface LfsCall {
  /** Where ssh is looked for: the value of `PATH`. */
  readonly searchPath: string;
  readonly signal: AbortSignal;
}

/** Whether we have anything that lets us in. */
export const hasLogin = ({ headers }: LfsServer) => Object.keys(headers).length > 0;

/** What ssh ends with when it is not the other side's program that failed (ssh(1)). */
const SSH_FAILED = 255;
const MAX_GRANT_BYTES = 64 * 1024;
const SSH_PLACE = /^(?:ssh:\/\/(?:([^@/]*)@)?[^/]+(\/.*)|([^@]*)@(?:\[[^\]]*\]|[^:]*):(.*))$/;

const grantSchema = z.object({
  href: z.url({ protocol: /^https?$/ }),
  header: lfsHeadersSchema,
});

/** `https://host/team/app` and `https://host/team/app.git` have theirs at the same place (git-lfs, `docs/api/server-discovery.md`). */
function serverOfHttp({ source, access, ...server }: GitServer): LfsServer {
  const path = source.remote.replace(/\/+$/, '').replace(/\.git$/, '');
  return { ...server, url: new URL(`${path}.git/info/lfs`), headers: authorise(access) };
}

/** The server's shell, or what it has in place of one, reads it. What need not be quoted is not: git-lfs never does. */
function authenticateCommand(path: string): string {
  return `git-lfs-authenticate ${/^[\w./~+@-]+$/.test(path) ? path : quote(path)} download`;
}

/** What the server's `git-lfs-authenticate` says; `undefined`: it has none. */
async function askOverSsh(server: GitServer, { searchPath, signal }: LfsCall): Promise<string | undefined> {
  const { source, address, access } = server;
  const [, user, urlPath, scpUser, scpPath = ''] = SSH_PLACE.exec(source.remote) ?? [];
  const path = urlPath === undefined ? scpPath : decodeURIComponent(urlPath);
  const login = user ?? scpUser;
  const transport = await openTransport(source, address, { ...access, caFile: undefined });
  const { wrapper, secret } = transport.call;
  const target = [...(login ? ['-l', login] : []), '-p', String(source.port), '--', source.host];
  const program = startConfined({
    command: [...transport.ssh, ...target, authenticateCommand(path)],
    ...{
      searchPath,
      signal,
      ...(wrapper === undefined ? {} : { wrapper }),
      ...(secret === undefined ? {} : { secret }),
    },
  });
  try {
    program.stdin.end();
    const [answer] = await Promise.all([readAnswer(program.stdout, MAX_GRANT_BYTES), program.ended]);
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof GitProcessError)) throw error;
    if (error.exitCode !== SSH_FAILED) return undefined;
    throw explainGitFailure(error, source);
  } finally {
    program.kill();
    await transport.close();
  }
}

/** By `git-lfs-authenticate` (git-lfs, `docs/api/authentication.md`). */
async function serverOfSsh(server: GitServer, call: LfsCall): Promise<LfsServer | undefined> {
  const { source, resolve, ca } = server;
  const answer = await askOverSsh(server, call);
  if (answer === undefined) return undefined;
  const { href, header } = grantSchema.parse(JSON.parse(answer));
  const url = new URL(href);
  const address = await resolveUrl(url, resolve);
  if (url.protocol === 'http:' && !resolve.policy.isOpened(address))
    throw new GitError(
      'refused',
      `${gitServerName(source)} has it given out over http, which anybody on the way can read`,
    );
  return { url, address, headers: header, resolve, ca };
}

/**
 * Finds where a repository's server has Git LFS, and what lets us in: over ssh the server gives that out itself, for a while.
 * Whatever `.lfsconfig` says of other servers is not obeyed: it is the repository's, and our login is its server's.
 *
 * @returns `undefined` when the server has no Git LFS
 * @throws {GitError}
 */
export async function findLfsServer(server: GitServer, call: LfsCall): Promise<LfsServer | undefined> {
  if (server.source.protocol !== 'ssh') return serverOfHttp(server);
  try {
    return await serverOfSsh(server, call);
  } catch (error) {
    call.signal.throwIfAborted();
    if (error instanceof GitError) throw error;
    throw new GitError('unavailable', `${gitServerName(server.source)} does not answer as Git LFS does`, {
      cause: error,
    });
  }
}
