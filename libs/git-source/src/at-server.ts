import { readFile } from 'node:fs/promises';

import type { GitSource } from '@convox-builds/domain';

import { RedirectError } from './git-error.js';
import type { GitRequest } from './git-request.js';
import { findRedirect } from './http/find-redirect.js';
import type { GitServer } from './http/git-server.js';
import { openTransport, type Transport } from './open-transport.js';
import { type ResolveOptions, resolveHost } from './resolve-host.js';

const MAX_REDIRECTS = 3;

/** How a server is reached. */
interface ReachOptions extends Pick<GitRequest, 'findAccess' | 'signal'> {
  readonly resolve: ResolveOptions;
  readonly caFile: string | undefined;
}

async function reach(source: GitSource, { resolve, findAccess, caFile }: ReachOptions): Promise<GitServer> {
  const address = await resolveHost(source, resolve);
  const access = await findAccess(source, resolve.policy.isOpened(address));
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  return { source, address, access, resolve, ca };
}

/**
 * Works with a server: its address is checked, and there is a way for git to it and to no other. Where it sends git to
 * another place on the same server, the work begins anew there.
 *
 * @throws {GitError}
 */
export async function atServer<T>(
  source: GitSource,
  options: ReachOptions,
  work: (server: GitServer, transport: Transport) => Promise<T>,
): Promise<T> {
  const { caFile, signal } = options;
  let place = source;
  for (let hops = 0; ; hops++) {
    const server = await reach(place, options);
    const transport = await openTransport(place, server.address, { ...server.access, caFile });
    try {
      return await work(server, transport);
    } catch (error) {
      const mayFollow = error instanceof RedirectError && hops < MAX_REDIRECTS;
      const next = mayFollow ? await findRedirect(server, signal) : undefined;
      if (next === undefined) throw error;
      place = next;
    } finally {
      await transport.close();
    }
  }
}
