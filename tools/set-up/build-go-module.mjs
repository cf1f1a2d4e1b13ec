import { join } from 'node:path';

import { findProgram, run } from './run.mjs';
import { ROOT, TOOLS } from './stamp.mjs';

/** Where programs are put. */
export const BIN = join(TOOLS, 'bin');

/**
 * Builds programs of a Go module in tools/, which pins them and everything that they are made of; false without Go, or
 * with one that cannot: it says why.
 *
 * @param {string} folder of the module, below the workspace
 * @param {{ packages: readonly string[], flags?: readonly string[], isLinkedWithC?: boolean, announcement: string }} options
 */
export function buildGoModule(folder, { packages, flags = [], isLinkedWithC = false, announcement }) {
  if (findProgram('go') === undefined) return false;
  process.stderr.write(`set-up: ${announcement}\n`);
  try {
    run('go', ['build', ...flags, '-o', `${BIN}/`, ...packages], {
      cwd: join(ROOT, folder),
      env: { ...process.env, CGO_ENABLED: isLinkedWithC ? '1' : '0' },
    });
    return true;
  } catch (error) {
    process.stderr.write(`set-up: ${error.message}\n`);
    return false;
  }
}
