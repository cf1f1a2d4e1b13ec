import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

function findReal(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The absolute path of something in the source; a relative one could begin with `-`, and be read as an option.
 *
 * @throws {Error} when it is not there, or a link leads out of the source: what is beside it is not for the build
 */
export function resolveInside(folder: string, path: string): string {
  const root = realpathSync(folder);
  const absolute = join(root, path);
  const real = findReal(absolute);
  if (real === undefined) throw new Error(`no such file or folder: ${path} (in ${folder})`);
  if (real !== root && !real.startsWith(join(root, sep))) throw new Error(`"${path}" is outside the source ${folder}`);
  return absolute;
}
