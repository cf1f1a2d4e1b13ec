import { type BuildkitClient, servicesOf } from './buildkit-client.js';
import { readStream } from './call.js';

/** Reads a blob from the daemon's content store: history logs, errors, attestations. */
export async function readContent(
  client: BuildkitClient,
  digest: string,
  options: { signal?: AbortSignal } = {},
): Promise<Buffer> {
  const call = servicesOf(client).content.read({ digest, offset: 0n, size: 0n });
  const pieces: Uint8Array[] = [];
  for await (const { data } of readStream(call, options.signal)) pieces.push(data);
  return Buffer.concat(pieces);
}
