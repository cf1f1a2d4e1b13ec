import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import { cutIntoParts, formatTrailer } from '@convox-builds/domain';

import { isPassingError } from '../http/is-passing-error.js';
import type { Announced, Upload, UploadCalls } from '../http/upload-calls.js';
import { putPart } from './put-part.js';
import { StorageError } from './storage-error.js';

const IN_FLIGHT = 3;
const TRIES = 6;
/** Where the first part does not get through, the storage cannot be reached from here at all. */
const FIRST_PART_TRIES = 3;
const FIRST_PAUSE_MS = 250;

/** What an upload is for. */
export interface UploadTarget {
  readonly calls: UploadCalls;
  readonly app: string;
  readonly upload: Upload;
}

/** Also a refusal may pass: the address was valid for a while only, and each try has a new one. */
const mayPass = (error: unknown) =>
  isPassingError(error) || (error instanceof StorageError && (error.status ?? 500) !== 404);

async function patiently<T>(tries: number, ask: () => Promise<T>): Promise<T> {
  for (let left = tries - 1, pauseMs = FIRST_PAUSE_MS; ; left--, pauseMs *= 2) {
    try {
      return await ask();
    } catch (error) {
      if (left === 0 || !mayPass(error)) throw error;
    }
    await delay(pauseMs);
  }
}

async function sendPart({ calls, app, upload }: UploadTarget, part: Buffer, number: number): Promise<void> {
  const sha256 = createHash('sha256').update(part).digest('hex');
  const announced = { number, bytes: part.length, sha256 };
  await patiently(number === 1 ? FIRST_PART_TRIES : TRIES, async () =>
    putPart(await calls.signPart(app, upload.id, announced), part),
  );
}

/** Hashes a content, and puts the digest behind it. */
function withTrailer(archive: Readable): { content: AsyncGenerator<Buffer>; announced: () => Announced } {
  const hash = createHash('sha256');
  let bytes = 0;
  let sha256 = Buffer.alloc(0);
  async function* content(): AsyncGenerator<Buffer> {
    for await (const chunk of archive as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
    sha256 = hash.digest();
    yield formatTrailer(sha256);
  }
  return { content: content(), announced: () => ({ bytes, sha256: sha256.toString('hex') }) };
}

async function sendParts(target: UploadTarget, content: AsyncIterable<Buffer>): Promise<void> {
  const running: Promise<void>[] = [];
  let number = 0;
  try {
    for await (const part of cutIntoParts(content, target.upload.partBytes)) {
      const sent = sendPart(target, part, ++number);
      // Met again when it is its turn; until then it must not end the process.
      sent.catch(() => {});
      running.push(sent);
      // The first one alone: it shows whether the storage can be reached.
      if (number === 1 || running.length === IN_FLIGHT) await running.shift();
    }
    await Promise.all(running);
  } finally {
    await Promise.allSettled(running);
  }
}

/**
 * Sends an archive to where the rack keeps objects, in parts, several at once, each again when it does not arrive.
 *
 * @returns its `object://` address
 * @throws {StorageError} when the storage does not take it
 */
export async function uploadDirectly(target: UploadTarget, archive: Readable): Promise<string> {
  const { calls, app, upload } = target;
  const { content, announced } = withTrailer(archive);
  try {
    await sendParts(target, content);
    return await patiently(TRIES, () => calls.complete(app, upload.id, announced()));
  } catch (error) {
    // What is left of it the rack removes by itself after a day.
    await calls.abort(app, upload.id).catch(() => {});
    throw error;
  } finally {
    archive.destroy();
  }
}
