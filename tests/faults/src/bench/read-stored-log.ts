import type { Store } from '@convox-builds/store';

/** Reads a log as it is stored, whole. */
export async function readStoredLog(store: Store, buildId: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const bytes of store.logs.stream(buildId)) pieces.push(bytes);
  return Buffer.concat(pieces);
}
