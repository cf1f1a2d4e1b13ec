import { randomBytes } from 'node:crypto';
import type { RackClient } from '../http/rack-client.js';
import type { PackedSource } from '../pack/pack-source.js';
import { formatBytes } from '../terminal/format-time.js';
import type { Output } from '../terminal/output.js';

const PROGRESS_INTERVAL_MS = 100;

/** Packs and sends a source in one stream, showing how far it is, and gives its `object://` address. */
export async function uploadSource(
  rack: RackClient,
  source: PackedSource,
  { app, output }: { app: string; output: Output },
): Promise<string> {
  let readBytes = 0;
  const archive = source.openArchive((bytes) => {
    readBytes = bytes;
  });
  const total = formatBytes(source.contentBytes);
  output.start('Uploading source');
  const timer = setInterval(() => output.progress(`${formatBytes(readBytes)} of ${total}`), PROGRESS_INTERVAL_MS);
  try {
    const url = await rack.storeObject(app, `tmp/${randomBytes(15).toString('hex')}.tgz`, archive);
    output.ok();
    return url;
  } finally {
    clearInterval(timer);
  }
}
