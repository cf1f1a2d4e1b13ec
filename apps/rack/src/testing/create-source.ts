import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { createTemporaryFolder } from '@convox-builds/testing';
import type { ExecutionContext } from 'ava';

// One service, built from the folder itself.
const ONE_SERVICE = 'services:\n  web:\n    build: .\n';

/** Makes a folder with these files, and a convox.yml of one service unless there is one. */
export async function createSource(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string> {
  const { path: folder, remove } = await createTemporaryFolder();
  t.teardown(remove);
  for (const [path, content] of Object.entries({ 'convox.yml': ONE_SERVICE, ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}
