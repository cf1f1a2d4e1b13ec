import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import type { ByteStream, CallOptions, RegistryClient, Repository, StreamedBlob } from './registry-client.js';
import { RegistryError } from './registry-error.js';
import type { RegistryRequest } from './send-request.js';
import { closedWith, placeOf } from './upload-place.js';

type Push = (repository: Repository, path: string, options: Partial<RegistryRequest>) => Promise<Response>;

/** A stream on its way to an upload's place. */
interface StreamUpload extends ByteStream, CallOptions {
  readonly place: string;
}

/** Measures a content that can be opened once, and remembers how it failed: what sends it says only that it did. */
function createMeter({ content, size: expected }: ByteStream) {
  const hash = createHash('sha256');
  let size = 0;
  let isOpen = false;
  let failure: unknown;
  const assertSize = (isRight: boolean) => {
    if (!isRight) throw new RangeError(`Cannot upload: the content has not the ${expected} bytes that it should have`);
  };
  async function* measure(): AsyncGenerator<Buffer> {
    try {
      for await (const piece of content) {
        size += piece.length;
        assertSize(size <= expected);
        hash.update(piece);
        yield piece;
      }
      assertSize(size === expected);
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return {
    open: () => {
      if (isOpen) throw new RegistryError('unavailable', 'Cannot upload again what could be read only once');
      isOpen = true;
      return measure();
    },
    failure: () => failure,
    result: (): StreamedBlob => {
      // An answer may come before the body has ended.
      if (size < expected) throw new RegistryError('unavailable', 'Cannot upload: the registry did not take all of it');
      return { digest: `sha256:${hash.digest('hex')}`, size };
    },
  };
}

/** Makes the method that uploads what can be read only once (OCI Distribution spec, "Pushing a blob in chunks"). */
export function createStreamPusher(push: Push): RegistryClient['putStream'] {
  /** Sends a stream to an upload that was started; answers what it was, and where the upload is to be closed. */
  async function sendStream(
    repository: Repository,
    upload: StreamUpload,
  ): Promise<{ blob: StreamedBlob; place: string }> {
    const meter = createMeter(upload);
    try {
      const sent = await push(repository, upload.place, {
        method: 'PATCH',
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(upload.size) },
        openBody: async () => Readable.from(meter.open(), { objectMode: false }),
        maxTries: 1,
        signal: upload.signal,
      });
      return { blob: meter.result(), place: placeOf(repository, sent) };
    } catch (error) {
      throw meter.failure() ?? error;
    }
  }

  return async (repository, { content, size }, { accept = () => {}, signal } = {}) => {
    const uploads = `/v2/${repository.repository}/blobs/uploads/`;
    const started = placeOf(repository, await push(repository, uploads, { method: 'POST', signal }));
    try {
      const { blob, place } = await sendStream(repository, { place: started, content, size, signal });
      accept(blob);
      await push(repository, closedWith(place, blob.digest), { headers: { 'content-length': '0' }, signal });
      return blob;
    } catch (error) {
      // An upload that is left lying is the registry's to sweep.
      await push(repository, started, { method: 'DELETE', maxTries: 1 }).catch(() => {});
      throw error;
    }
  };
}
