import { statfs } from 'node:fs/promises';

import type { Settings } from './settings.js';

const MEGABYTE = 1024 * 1024;

/**
 * Tells what this worker lacks to take another build; `undefined` when it lacks nothing. Running builds are left alone:
 * they end, BuildKit's garbage collection frees disk, and the worker goes on.
 */
export async function findShortage(
  settings: Pick<Settings, 'folder' | 'minFreeDiskBytes' | 'minFreeMemoryBytes'>,
): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(settings.folder);
  const disk = bavail * bsize;
  if (disk < settings.minFreeDiskBytes)
    return `disk: ${toMegabytes(disk)} MB free, ${toMegabytes(settings.minFreeDiskBytes)} MB needed`;
  // Inside a container this is what its limit leaves.
  const memory = process.availableMemory();
  if (memory < settings.minFreeMemoryBytes)
    return `memory: ${toMegabytes(memory)} MB free, ${toMegabytes(settings.minFreeMemoryBytes)} MB needed`;
  return undefined;
}

const toMegabytes = (bytes: number) => Math.round(bytes / MEGABYTE);
