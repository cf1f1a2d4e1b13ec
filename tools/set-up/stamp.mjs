import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the workspace. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What set-up makes; git ignores it. */
export const TOOLS = join(ROOT, '.tools');

/** A hash of some files of the workspace. */
export function hashFiles(...paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

const stampFile = (name) => join(TOOLS, 'stamps', name);

/** Whether a step was done already for exactly this. */
export function isStamped(name, value) {
  return existsSync(stampFile(name)) && readFileSync(stampFile(name), 'utf8') === value;
}

/** Remembers that a step was done. */
export function stamp(name, value) {
  mkdirSync(dirname(stampFile(name)), { recursive: true });
  writeFileSync(stampFile(name), value);
}
