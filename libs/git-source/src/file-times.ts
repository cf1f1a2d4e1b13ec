import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { TreeEntry } from './read-tree.js';

/**
 * When a file was changed, as a folder would know it in which every commit that was built was pulled: a file that stays
 * the same keeps its time, so that BuildKit is sent only what has changed, and one that has changed is newer, so that
 * whatever looks at times in an image sees it.
 */
export interface FileTimes {
  /** Seconds since 1970. */
  readonly timeOf: (entry: TreeEntry) => number;
  /** Remembers the times of everything that was asked for. */
  readonly save: () => Promise<void>;
}

const FILE = 'file-times';
const keyOf = ({ path, id, mode }: TreeEntry) => `${mode} ${id} ${path}`;

async function load(path: string): Promise<Map<string, number>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split('\0').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(space + 1), Number(line.slice(0, space))];
    }),
  );
}

/** Opens what a repository remembers of times. What is new has the time of the commit that brought it. */
export async function openFileTimes(gitDir: string, committedAt: number): Promise<FileTimes> {
  const path = join(gitDir, FILE);
  const before = await load(path);
  const now = new Map<string, number>();
  return {
    timeOf: (entry) => {
      const key = keyOf(entry);
      const time = before.get(key) ?? committedAt;
      now.set(key, time);
      return time;
    },
    save: async () => {
      await writeFile(`${path}.new`, [...now].map(([key, time]) => `${time} ${key}\0`).join(''));
      await rename(`${path}.new`, path);
    },
  };
}
