import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** An upload that is alive writes far more often; milliseconds. */
export const ABANDONED_AFTER_MS = 24 * 60 * 60_000;

/** Deletes the half-written files of processes that were killed. Those of other, living processes are left alone. */
export async function sweepAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const file = await stat(path).catch(() => undefined);
    if (file !== undefined && Date.now() - file.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
  }
}
