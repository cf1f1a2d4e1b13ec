import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';

import type { RackClient } from '../http/rack-client.js';
import { createUploadCalls } from '../http/upload-calls.js';
import type { PackedSource } from '../pack/pack-source.js';
import { formatBytes } from '../terminal/format-time.js';
import type { Output } from '../terminal/output.js';
import { StorageError } from '../upload/storage-error.js';

const PROGRESS_INTERVAL_MS = 100;
/** What is smaller is sooner there in one request. */
const DIRECT_FROM_BYTES = 8 * 1024 * 1024;

/** Where a source goes. */
interface UploadOptions {
  readonly app: string;
  readonly output: Output;
}

/** Sends a large source straight to where the rack keeps objects; `undefined` when that cannot be done. */
async function tryDirectly(
  rack: RackClient,
  open: () => Readable,
  { app, output }: UploadOptions,
): Promise<string | undefined> {
  const calls = createUploadCalls(rack.connection);
  const upload = await calls.start(app);
  if (upload === undefined) return undefined;
  const { uploadDirectly } = await import('../upload/upload-directly.js');
  try {
    return await uploadDirectly({ calls, app, upload }, open());
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    output.warn(`warning: ${error.message}; sending the source through the rack`);
    return undefined;
  }
}

/** Packs and sends a source in one stream, showing how far it is, and gives its `object://` address. */
export async function uploadSource(rack: RackClient, source: PackedSource, options: UploadOptions): Promise<string> {
  const { app, output } = options;
  let readBytes = 0;
  const open = () =>
    source.openArchive((bytes) => {
      readBytes = bytes;
    });
  const total = formatBytes(source.contentBytes);
  output.start('Uploading source');
  const timer = setInterval(() => output.progress(`${formatBytes(readBytes)} of ${total}`), PROGRESS_INTERVAL_MS);
  try {
    const isLarge = source.contentBytes >= DIRECT_FROM_BYTES;
    const direct = isLarge ? await tryDirectly(rack, open, options) : undefined;
    const url = direct ?? (await rack.storeObject(app, `tmp/${randomBytes(15).toString('hex')}.tgz`, open()));
    output.ok();
    return url;
  } finally {
    clearInterval(timer);
  }
}
