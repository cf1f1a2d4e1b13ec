import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import { GitError } from '../git-error.js';
import { callHttp, explainBroken } from '../http/call-http.js';
import { resolveUrl } from '../resolve-host.js';
import { explainStatus } from '../server-words.js';
import type { LfsPlace } from './ask-lfs-batch.js';
import { hasLogin, type LfsServer } from './find-lfs-server.js';
import type { LfsPointer } from './lfs-pointer.js';

type Download = Extract<LfsPlace, { href: string }>;

function headersFor(url: URL, { header }: Download, server: LfsServer): Record<string, string> {
  const isSameServer = url.origin === server.url.origin;
  const isLetIn = Object.keys(header).some((name) => name.toLowerCase() === 'authorization');
  return { ...(isSameServer && !isLetIn ? server.headers : {}), ...header };
}

async function open(download: Download, server: LfsServer, signal: AbortSignal) {
  const { resolve, ca } = server;
  const url = new URL(download.href);
  if (url.protocol === 'http:' && server.url.protocol === 'https:') {
    throw new GitError('refused', `${url.host} gives it out over http, and the repository came over https`);
  }
  const address = await resolveUrl(url, resolve);
  const response = await callHttp(url, { address, ca, headers: headersFor(url, download, server), signal });
  const status = response.statusCode ?? 0;
  if (status === 200) return { response, host: url.host };
  response.destroy();
  if (status === 404 || status === 410) throw new GitError('not-found', `${url.host} does not have it`);
  throw explainStatus(status, { server: url.host, hasLogin: hasLogin(server) });
}

/** Lets bytes through as long as they can be those of the pointer; says at the end whether they were. */
async function* checked(bytes: AsyncIterable<Buffer>, { oid, size }: LfsPointer, host: string) {
  const hash = createHash('sha256');
  let count = 0;
  for await (const piece of bytes) {
    count += piece.length;
    if (count > size) break;
    hash.update(piece);
    yield piece;
  }
  if (count !== size || hash.digest('hex') !== oid) throw new GitError('refused', `${host} gives out something else`);
}

/**
 * Downloads an object into a file, which is there only when it is whole and the right one.
 *
 * @throws {GitError}
 */
export async function downloadLfsObject(
  pointer: LfsPointer,
  { place, server, path, signal }: { place: LfsPlace; server: LfsServer; path: string; signal: AbortSignal },
): Promise<void> {
  const { host: gitHost } = server.url;
  if ('status' in place) {
    if (place.status === 404 || place.status === 410) throw new GitError('not-found', `${gitHost} does not have it`);
    throw explainStatus(place.status, { server: gitHost, hasLogin: hasLogin(server) });
  }
  const { response, host } = await open(place, server, signal);
  try {
    await pipeline(checked(response, pointer, host), createWriteStream(`${path}.part`), { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw explainBroken(error, host);
  } finally {
    response.destroy();
  }
  await rename(`${path}.part`, path);
}
