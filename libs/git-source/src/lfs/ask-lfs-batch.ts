import { z } from 'zod';

import { GitError } from '../git-error.js';
import { callHttp, readAnswer } from '../http/call-http.js';
import { explainStatus } from '../server-words.js';
import { hasLogin, type LfsServer } from './find-lfs-server.js';
import { lfsHeadersSchema } from './lfs-headers.js';
import type { LfsPointer } from './lfs-pointer.js';

const MAX_ANSWER_BYTES = 2_000_000;
const MEDIA_TYPE = 'application/vnd.git-lfs+json';
/** What servers answer that know nothing of Git LFS, or have it turned off. */
const NO_LFS = [404, 405, 410, 501];

const downloadSchema = z.object({
  href: z.url({ protocol: /^https?$/ }),
  header: lfsHeadersSchema,
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

/**
 * Asks a server where objects are (git-lfs, `docs/api/batch.md`).
 *
 * @returns by id; `undefined` when the server has no Git LFS
 * @throws {GitError}
 */
export async function askLfsBatch(
  pointers: readonly LfsPointer[],
  server: LfsServer,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LfsPlace> | undefined> {
  const { address, headers, ca } = server;
  const url = new URL(`${server.url.href.replace(/\/+$/, '')}/objects/batch`);
  const objects = pointers.map(({ oid, size }) => ({ oid, size }));
  const response = await callHttp(url, {
    ...{ method: 'POST', address, ca, signal },
    headers: { ...headers, Accept: MEDIA_TYPE, 'Content-Type': MEDIA_TYPE },
    body: JSON.stringify({ operation: 'download', transfers: ['basic'], hash_algo: 'sha256', objects }),
  });
  try {
    const { statusCode: status = 0 } = response;
    if (NO_LFS.includes(status)) return undefined;
    if (status !== 200) throw explainStatus(status, { server: url.host, hasLogin: hasLogin(server) });
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
