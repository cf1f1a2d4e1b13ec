import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from './wait-for.mjs';

const ROOT = '/sys/fs/cgroup';
const NAME = 'kubepods';

/** The control groups of all pods: one tree, or, in version 1, one for each controller. */
function findTrees() {
  return ['.', ...readdirSync(ROOT)].map((controller) => join(ROOT, controller, NAME)).filter(existsSync);
}

function removeTree(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  rmdirSync(folder);
}

function isRemoved(folder) {
  try {
    removeTree(folder);
    return true;
  } catch {
    // Its processes have been killed and are not gone yet.
    return false;
  }
}

/** Removes the control groups that the pods were in. */
export async function removeKubepods() {
  for (const folder of findTrees()) await waitFor(`the end of ${folder}`, () => isRemoved(folder));
}
