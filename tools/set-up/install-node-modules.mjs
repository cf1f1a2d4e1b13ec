import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { run } from './run.mjs';
import { hashFiles, isStamped, ROOT, stamp } from './stamp.mjs';

/**
 * Installs what package-lock.json says; no package may run anything while it is installed.
 *
 * It is not `npm ci`: that wants the lock file to list the programs of every platform, also those that a registry does
 * not have, and refuses otherwise. `--no-save` leaves the lock file as it is.
 */
export function installNodeModules() {
  const locked = hashFiles('package-lock.json');
  if (isStamped('node-modules', locked) && existsSync(join(ROOT, 'node_modules/.package-lock.json'))) return undefined;
  run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: ROOT });
  stamp('node-modules', locked);
  return 'installed';
}
