import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

import { formatObjectUrl } from '@convox-builds/domain';

import type { ObjectStorage } from '../objects/object-storage.js';
import { repairUtf8 } from './repair-utf8.js';

/** A log that was stored whole, for a build that is recorded afterwards. */
export interface StoredLog {
  /** `object://…` */
  readonly url: string;
  /** Bytes of its pieces, which are its chunks. */
  readonly chunkSizes: readonly number[];
}

/** What a log belongs to. */
export interface LogOwner {
  readonly app: string;
  readonly buildId: string;
}

const keyOf = ({ buildId }: LogOwner) => `build/${buildId}/logs-imported.gz`;

/** Stores a log as compaction would have, piece by piece. */
export async function storeLog(
  objects: ObjectStorage,
  owner: LogOwner,
  content: AsyncIterable<Buffer>,
): Promise<StoredLog> {
  const chunkSizes: number[] = [];
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const bytes of repairUtf8(content)) {
      if (bytes.length === 0) continue;
      chunkSizes.push(bytes.length);
      yield bytes;
    }
  }
  const plain = Readable.from(counted(), { objectMode: false });
  const gzip = createGzip();
  plain.on('error', (error) => gzip.destroy(error));
  await objects.put(`${owner.app}/${keyOf(owner)}`, plain.pipe(gzip));
  return { url: formatObjectUrl({ app: owner.app, key: keyOf(owner) }), chunkSizes };
}

/** Removes a log whose build was not recorded. */
export async function removeLog(objects: ObjectStorage, owner: LogOwner): Promise<void> {
  await objects.delete(`${owner.app}/${keyOf(owner)}`);
}
