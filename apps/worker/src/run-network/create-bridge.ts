import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { z } from 'zod';

import { MAX_NETWORKS, type NetworkNames, networkNames } from './run-network-rules.js';

const run = promisify(execFile);

const ALL_NAMES = Array.from({ length: MAX_NETWORKS }, (_, index) => networkNames(index + 1));

const linksSchema = z.array(z.object({ ifname: z.string().default(''), ifalias: z.string().default('') }));

/** Who a worker is to its machine, for as long as its folder is kept. */
async function readOwner(stateFolder: string): Promise<string> {
  const file = join(stateFolder, 'owner');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== '') return kept;
  const owner = randomUUID();
  await writeFile(file, owner);
  return owner;
}

async function findOwn(owner: string): Promise<NetworkNames | undefined> {
  const { stdout } = await run('ip', ['-json', 'link', 'show', 'type', 'bridge']);
  const links = linksSchema.parse(JSON.parse(stdout || '[]'));
  const own = links.find(({ ifalias }) => ifalias === owner)?.ifname;
  return ALL_NAMES.find(({ bridge }) => bridge === own);
}

async function addBridge({ bridge }: NetworkNames, owner: string): Promise<'added' | 'taken'> {
  try {
    await run('ip', ['link', 'add', bridge, 'type', 'bridge']);
  } catch (error) {
    if (error instanceof Error && /File exists/.test(error.message)) return 'taken';
    throw error;
  }
  await run('ip', ['link', 'set', bridge, 'alias', owner]);
  return 'added';
}

/**
 * Makes the bridge of a worker. Its name is the reservation of its number: two workers cannot both make it. It says itself
 * whose it is, in its alias, so that a worker that was killed finds its own again and never takes what has become another's.
 */
export async function createBridge(stateFolder: string): Promise<NetworkNames> {
  const owner = await readOwner(stateFolder);
  const own = await findOwn(owner);
  if (own !== undefined) return own;
  for (const names of ALL_NAMES) if ((await addBridge(names, owner)) === 'added') return names;
  throw new Error(
    `Cannot create a network for RUN steps: all ${MAX_NETWORKS} of this machine are taken; remove unused bridges (ip link delete builds1)`,
  );
}

/** Removes a bridge, if it is there. */
export async function removeBridge({ bridge }: NetworkNames): Promise<void> {
  await run('ip', ['link', 'delete', bridge]).catch(() => {});
}
