import { statfs } from 'node:fs/promises';

import { type Check, failed, ok, warning } from './check.js';

const NEARLY_FULL = 0.1;

/** The disk of a folder, and what has to be free on it. */
export interface NeededDisk {
  readonly folder: string;
  readonly neededBytes: number;
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

async function measure(folder: string) {
  const { bavail, blocks, bsize } = await statfs(folder);
  const [free, size] = [bavail * bsize, blocks * bsize];
  return { free, size, text: `${gigabytes(free)} of ${gigabytes(size)} free at ${folder}` };
}

/** The disk of a folder has what is needed on it. */
export function checkDisk({ folder, neededBytes }: NeededDisk): Check {
  return {
    name: 'disk',
    run: async () => {
      const { free, size, text } = await measure(folder);
      if (free < neededBytes)
        return failed(`${text}, ${gigabytes(neededBytes)} needed: make room, or give it a larger disk`);
      return free < NEARLY_FULL * size ? warning(`${text}: make room, or give it a larger disk`) : ok(text);
    },
  };
}

/** The disk of a folder would have what is needed if it were empty: what is full may be cleaned, what is small stays so. */
export function checkDiskSize({ folder, neededBytes }: NeededDisk): Check {
  return {
    name: 'disk',
    run: async () => {
      const { size, text } = await measure(folder);
      if (size < neededBytes) return failed(`${text}, ${gigabytes(neededBytes)} needed: give it a larger disk`);
      return ok(text);
    },
  };
}
