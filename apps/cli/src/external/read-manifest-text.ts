import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of the manifest; throws when there is none. */
export function readManifestText({ folder, manifest }: { folder: string; manifest: string }): string {
  try {
    return readFileSync(join(folder, manifest), 'utf8');
  } catch (cause) {
    throw new Error(`no such file: ${manifest} (in ${folder})`, { cause });
  }
}
