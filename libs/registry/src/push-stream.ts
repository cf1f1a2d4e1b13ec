import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import type { CallOptions, RegistryClient, Repository, StreamedBlob } from './registry-client.js';
import { RegistryError } from './registry-error.js';
import type { RegistryRequest } from './send-request.js';
import { closedWith, placeOf } from './upload-place.js';

type Push = (repository: Repository, path: string, options: Partial<RegistryRequest>) => Promise<Response>;

/** A stream on its way to an upload's place. */
interface StreamUpload extends CallOptions {
  readonly place: string;
  readonly content: AsyncIterable<Buffer>;
}

/** Measures a content that can be opened once, and remembers how it failed: what sends it says only that it did. */
function createMeter(content: AsyncIterable<Buffer>) {
  const hash = createHash('sha256');
  let size = 0;
  let isOpen = false;
  let isWhole = false;
  let failure: unknown;
  async function* measure(): AsyncGenerator<Buffer> {
    try {
      for await (const piece of content) {
        hash.update(piece);
        size += piece.length;
        yield piece;
      }
      isWhole = true;
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
      if (!isWhole) throw new RegistryError('unavailable', 'Cannot upload: the registry did not take all of it');
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
    const meter = createMeter(upload.content);
    try {
      const sent = await push(repository, upload.place, {
        method: 'PATCH',
        headers: { 'content-type': 'application/octet-stream' },
        openBody: async () => Readable.from(meter.open(), { objectMode: false }),
        maxTries: 1,
        signal: upload.signal,
      });
      return { blob: meter.result(), place: placeOf(repository, sent) };
    } catch (error) {
      throw meter.failure() ?? error;
    }
  }

  return async (repository, content, { accept = () => {}, signal } = {}) => {
    const uploads = `/v2/${repository.repository}/blobs/uploads/`;
    const started = placeOf(repository, await push(repository, uploads, { method: 'POST', signal }));
    try {
      const { blob, place } = await sendStream(repository, { place: started, content, signal });
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
