import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { assertKey, isMissing, TEMPORARY_FOLDER } from './object-keys.js';

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Yields the files under a folder in the order of their keys: `a-b` comes before `a/b`, and that before `ab`. */
async function* walk(root: string, folder: string, prefix: string): AsyncGenerator<string> {
  const entries = await readFolder(join(root, folder));
  const keys = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .filter((key) => key.startsWith(prefix) || prefix.startsWith(key))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const key of keys) {
    if (key === `${TEMPORARY_FOLDER}/`) continue;
    if (key.endsWith('/')) yield* walk(root, key, prefix);
    else if (key.startsWith(prefix)) yield key;
  }
}

/** Lists the keys of files under a prefix, at most `limit`. Folders that cannot have any are not read. */
export async function listFiles(root: string, { prefix, limit }: { prefix: string; limit: number }): Promise<string[]> {
  assertKey(`${prefix}x`);
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const keys: string[] = [];
  for await (const key of walk(root, folder, prefix)) {
    if (keys.length === limit) break;
    keys.push(key);
  }
  return keys;
}
