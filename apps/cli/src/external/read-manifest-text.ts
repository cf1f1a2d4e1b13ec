import { readFileSync } from 'node:fs';
import { resolveInside } from './resolve-inside.js';

/** The text of the manifest; throws when there is none. */
export function readManifestText({ folder, manifest }: { folder: string; manifest: string }): string {
  return readFileSync(resolveInside(folder, manifest), 'utf8');
}
