import { z } from 'zod';

import { GitError } from '../git-error.js';
import { callHttp, readAnswer } from '../http/call-http.js';
import { authorise, type GitServer } from '../http/git-server.js';
import { explainStatus } from '../server-words.js';
import type { LfsPointer } from './lfs-pointer.js';

const MAX_ANSWER_BYTES = 2_000_000;
const MEDIA_TYPE = 'application/vnd.git-lfs+json';
/** What servers answer that know nothing of Git LFS, or have it turned off. */
const NO_LFS = [404, 405, 410, 501];

const downloadSchema = z.object({
  href: z.url({ protocol: /^https?$/ }),
  header: z.record(z.string(), z.string()).default({}),
});
const answerSchema = z.object({
  objects: z.array(
    z.object({
      oid: z.string(),
      actions: z.object({ download: downloadSchema.optional() }).optional(),
      error: z.object({ code: z.number() }).optional(),
    }),
  ),
});

/** Where an object is, or the status by which it is refused. */
export type LfsPlace = z.output<typeof downloadSchema> | { readonly status: number };

/** `https://host/team/app` and `https://host/team/app.git` have theirs at the same place (git-lfs, `docs/api/server-discovery.md`). */
function batchUrl(remote: string): URL {
  const path = remote.replace(/\/+$/, '').replace(/\.git$/, '');
  return new URL(`${path}.git/info/lfs/objects/batch`);
}

/**
 * Asks a server where objects are (git-lfs, `docs/api/batch.md`). Whatever `.lfsconfig` says of other servers is not
 * obeyed: it is the repository's, and our login is its server's.
 *
 * @returns by id; `undefined` when the server has no Git LFS
 * @throws {GitError}
 */
export async function askLfsBatch(
  pointers: readonly LfsPointer[],
  server: GitServer,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LfsPlace> | undefined> {
  const { source, address, access, ca } = server;
  const url = batchUrl(source.remote);
  const objects = pointers.map(({ oid, size }) => ({ oid, size }));
  const response = await callHttp(url, {
    ...{ method: 'POST', address, ca, signal },
    headers: { ...authorise(access), Accept: MEDIA_TYPE, 'Content-Type': MEDIA_TYPE },
    body: JSON.stringify({ operation: 'download', transfers: ['basic'], hash_algo: 'sha256', objects }),
  });
  try {
    const { statusCode: status = 0 } = response;
    if (NO_LFS.includes(status)) return undefined;
    if (status !== 200) throw explainStatus(status, { server: url.host, hasLogin: access.login !== undefined });
    const answer = answerSchema.parse(JSON.parse(await readAnswer(response, MAX_ANSWER_BYTES)));
    return new Map(
      answer.objects.map(({ oid, actions, error }) => [oid, actions?.download ?? { status: error?.code ?? 404 }]),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GitError) throw error;
    throw new GitError('unavailable', `${url.host} does not answer as Git LFS does`, { cause: error });
  } finally {
    response.destroy();
  }
}
