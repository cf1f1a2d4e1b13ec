import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { MAX_NETWORKS, type NetworkNames, networkNames } from './run-network-rules.js';

const run = promisify(execFile);

async function addBridge({ bridge }: NetworkNames): Promise<'added' | 'taken'> {
  try {
    await run('ip', ['link', 'add', bridge, 'type', 'bridge']);
    return 'added';
  } catch (error) {
    if (error instanceof Error && /File exists/.test(error.message)) return 'taken';
    throw error;
  }
}

/**
 * Makes the bridge of a worker. Its name is the reservation of its number: two workers cannot both make it. The number is
 * kept in the state folder, so that a worker that was killed finds its own again.
 */
export async function createBridge(stateFolder: string): Promise<NetworkNames> {
  const file = join(stateFolder, 'number');
  const kept = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (kept >= 1 && kept <= MAX_NETWORKS) {
    await addBridge(networkNames(kept));
    return networkNames(kept);
  }
  for (let number = 1; number <= MAX_NETWORKS; number++) {
    if ((await addBridge(networkNames(number))) === 'taken') continue;
    await writeFile(file, String(number));
    return networkNames(number);
  }
  throw new Error(
    `Cannot create a network for RUN steps: all ${MAX_NETWORKS} of this machine are taken; remove unused bridges (ip link delete builds1)`,
  );
}

/** Removes a bridge, if it is there. */
export async function removeBridge({ bridge }: NetworkNames): Promise<void> {
  await run('ip', ['link', 'delete', bridge]).catch(() => {});
}
