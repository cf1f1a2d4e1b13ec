import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { folderBytes } from './folder-bytes.js';
import { runGit } from './run-git.js';
import { createTurns } from './turns.js';

/** Each fetch brings a pack; many of them are slow, and a new start is cheap. */
const MAX_PACKS = 50;
const MAX_AGE_MS = 7 * 24 * 3_600_000;
/** Stands in a repository while it is used: where it was left, nobody knows what is behind. */
const IN_USE = 'in-use';
const CREATED = 'created';

/** A repository that nobody else uses until it is given back. */
export interface LeasedRepository {
  readonly gitDir: string;
  /** Gives it back; the first call counts. */
  readonly release: () => Promise<void>;
}

/** Bare repositories that are kept between builds, so that only what is new has to come. */
export interface GitCache {
  /** Takes the repository of a key, which may be an empty one. Waits until everybody before has given it back. */
  readonly lease: (key: string, signal: AbortSignal) => Promise<LeasedRepository>;
}

/** Where the repositories are, and how much of them is kept. */
export interface GitCacheOptions {
  /** Of this process alone. */
  readonly folder: string;
  /** Of all repositories together; those that were not used for the longest time go first. */
  readonly maxBytes: number;
  readonly searchPath: string;
}

const modifiedAt = async (path: string) => (await stat(path).catch(() => undefined))?.mtimeMs;

async function isUsable(gitDir: string): Promise<boolean> {
  const createdAt = await modifiedAt(join(gitDir, CREATED));
  if (createdAt === undefined || Date.now() - createdAt > MAX_AGE_MS) return false;
  if ((await modifiedAt(join(gitDir, IN_USE))) !== undefined) return false;
  const packs = await readdir(join(gitDir, 'objects', 'pack'));
  return packs.filter((name) => name.endsWith('.pack')).length <= MAX_PACKS;
}

async function open(gitDir: string, { searchPath }: GitCacheOptions, signal: AbortSignal): Promise<void> {
  if (!(await isUsable(gitDir))) {
    await rm(gitDir, { recursive: true, force: true });
    await mkdir(gitDir, { recursive: true, mode: 0o700 });
    await runGit({ args: ['init', '--quiet', '--bare', '--template=', gitDir], gitDir, searchPath, signal });
    await writeFile(join(gitDir, CREATED), '');
  }
  await writeFile(join(gitDir, IN_USE), '');
}

/** Opens the repositories that are kept in a folder. */
export function createGitCache(options: GitCacheOptions): GitCache {
  const { folder, maxBytes } = options;
  const turns = createTurns();

  async function remove(name: string): Promise<void> {
    const leave = await turns.take(name);
    await rm(join(folder, name), { recursive: true, force: true }).finally(leave);
  }

  /** Removes what was not used for the longest time until the rest is small enough. */
  async function shrink(): Promise<void> {
    const kept = await Promise.all(
      (await readdir(folder)).map(async (name) => {
        const path = join(folder, name);
        return { name, bytes: await folderBytes(path), usedAt: (await modifiedAt(path)) ?? 0 };
      }),
    );
    let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { name, bytes } of kept.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= maxBytes) return;
      if (turns.has(name)) continue;
      await remove(name);
      total -= bytes;
    }
  }

  async function giveBack(gitDir: string, leave: () => void, signal: AbortSignal): Promise<void> {
    try {
      // What was cut off in the middle is not used again.
      if (!signal.aborted) await rm(join(gitDir, IN_USE), { force: true });
      await utimes(gitDir, new Date(), new Date());
    } finally {
      leave();
    }
    await shrink();
  }

  return {
    lease: async (key, signal) => {
      const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
      const gitDir = join(folder, name);
      const leave = await turns.take(name, signal);
      try {
        await open(gitDir, options, signal);
      } catch (error) {
        leave();
        throw error;
      }
      let givenBack: Promise<void> | undefined;
      const release = () => {
        givenBack ??= giveBack(gitDir, leave, signal);
        return givenBack;
      };
      return { gitDir, release };
    },
  };
}
