import { statfs } from 'node:fs/promises';

import type { BuildkitdSupervisor } from './buildkitd/supervise-buildkitd.js';
import type { Settings } from './settings.js';

const MEGABYTE = 1024 * 1024;

/** What a worker lacks to take another build. */
export interface Shortage {
  readonly of: 'disk' | 'memory' | 'buildkitd';
  /** Such as `disk: 100 MB free, 1907 MB needed`. */
  readonly text: string;
}

function shortageOf(of: 'disk' | 'memory', free: number, needed: number): Shortage | undefined {
  if (free >= needed) return undefined;
  return { of, text: `${of}: ${toMegabytes(free)} MB free, ${toMegabytes(needed)} MB needed` };
}

/** Tells what this worker lacks to take another build; `undefined` when it lacks nothing. Running builds are left alone. */
export async function findShortage(
  settings: Pick<Settings, 'folder' | 'minFreeDiskBytes' | 'minFreeMemoryBytes'>,
  buildkitd: Pick<BuildkitdSupervisor, 'isUp'>,
): Promise<Shortage | undefined> {
  const { bavail, bsize } = await statfs(settings.folder);
  return (
    shortageOf('disk', bavail * bsize, settings.minFreeDiskBytes) ??
    // Inside a container this is what its limit leaves.
    shortageOf('memory', process.availableMemory(), settings.minFreeMemoryBytes) ??
    (buildkitd.isUp() ? undefined : { of: 'buildkitd', text: 'buildkitd: it died and is not up again' })
  );
}

const toMegabytes = (bytes: number) => Math.round(bytes / MEGABYTE);
