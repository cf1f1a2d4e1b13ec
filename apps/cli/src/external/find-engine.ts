import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const ENGINES = ['docker', 'podman', 'buildctl'] as const;

/** A program that can build images on this machine. */
export type EngineName = (typeof ENGINES)[number];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds the engine that is wanted, or the first one that is there.
 *
 * @throws {Error} when there is none
 */
export function findEngine(wanted: string | undefined, searchPath: string): EngineName {
  const isThere = (name: string) => searchPath.split(delimiter).some((folder) => isExecutable(join(folder, name)));
  const known = ENGINES.filter((name) => wanted === undefined || name === wanted);
  if (known.length === 0) throw new Error(`--engine must be one of ${ENGINES.join(', ')}, not "${wanted}"`);
  const found = known.find(isThere);
  if (found !== undefined) return found;
  throw new Error(
    `--external needs ${known.join(', ')} on the PATH, and there is none: install one or let the rack build`,
  );
}
