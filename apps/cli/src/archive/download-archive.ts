import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { isPassingError } from '../http/is-passing-error.js';
import type { ArchivePlace, RackClient } from '../http/rack-client.js';
import type { TransferProgress } from './show-progress.js';

const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 250;

/** Where the archive of a build is, and who wants to know how far it has come. */
export interface ArchiveDownload {
  readonly app: string;
  readonly id: string;
  readonly onProgress: (progress: TransferProgress) => void;
}

function totalOf({ headers }: IncomingMessage, before: number): number | undefined {
  const length = Number(headers['content-length'] ?? '');
  return length > 0 ? before + length : undefined;
}

/** What a broken answer leaves us with: where to go on, when the rack can do that. */
function placeOf({ headers }: IncomingMessage, bytes: number): ArchivePlace | undefined {
  const { etag, 'accept-ranges': ranges } = headers;
  return ranges === 'bytes' && etag !== undefined ? { bytes, etag } : undefined;
}

/** Asks for the rest, a few times: a rack that is being restarted is back in a moment. */
async function reopen(rack: RackClient, { app, id }: ArchiveDownload, place: ArchivePlace): Promise<IncomingMessage> {
  for (let tries = 1; ; tries++) {
    await delay(FIRST_PAUSE_MS * 2 ** (tries - 1));
    try {
      const response = await rack.exportBuild(app, id, place);
      if (response.statusCode === 206) return response;
      response.destroy();
    } catch (error) {
      if (isPassingError(error) && tries < MAX_TRIES) continue;
      throw error;
    }
    throw new Error(`the archive of build ${id} is another one than before: export it again`);
  }
}

/**
 * Downloads the archive of a build, chunk by chunk. From our racks a download that broke off goes on where it did.
 *
 * @throws {Error} when the rack refuses, or breaks off for good: what came is no archive then
 */
export async function* downloadArchive(rack: RackClient, download: ArchiveDownload): AsyncGenerator<Buffer> {
  const { app, id, onProgress } = download;
  let bytes = 0;
  let response = await rack.exportBuild(app, id);
  for (;;) {
    const totalBytes = totalOf(response, bytes);
    const before = bytes;
    try {
      for await (const piece of response as AsyncIterable<Buffer>) {
        bytes += piece.length;
        onProgress({ bytes, totalBytes });
        yield piece;
      }
      return;
    } catch (error) {
      const place = placeOf(response, bytes);
      if (place === undefined || bytes === before) {
        throw new Error('the rack broke off: what came is not the whole archive', { cause: error });
      }
      response = await reopen(rack, download, place);
    }
  }
}
