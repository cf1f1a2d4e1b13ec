import { posix } from 'node:path';

import type { PlannedBuild } from '@convox-builds/manifest';

/**
 * Tells in which folder of the source a Dockerfile is, and its name there. Within the context that folder is the context;
 * a Dockerfile beside it is served from its own.
 */
export function locateDockerfile({ path, dockerfile }: PlannedBuild): { folder: string; filename: string } {
  if (!dockerfile.startsWith('../')) return { folder: path, filename: dockerfile };
  const { dir, base } = posix.parse(posix.join(path, dockerfile));
  return { folder: dir === '' ? '.' : dir, filename: base };
}
