import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { BUSYBOX, createTemporaryFolder } from '@convox-builds/testing';

/** The first lines of a Dockerfile whose steps can run commands without any base image. */
export const SHELL = ['FROM scratch', 'COPY busybox /busybox', 'SHELL ["/busybox", "sh", "-ec"]'].join('\n');

/** A folder to build. */
export interface TestContext {
  readonly folder: string;
  /** Writes a file in it. */
  readonly write: (path: string, content: string | Buffer) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Makes a folder with files, and `busybox` for {@link SHELL}. */
export async function createContext(files: Readonly<Record<string, string>>): Promise<TestContext> {
  const { path: folder, remove } = await createTemporaryFolder();
  const write = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  await copyFile(BUSYBOX, join(folder, 'busybox'));
  for (const [path, content] of Object.entries(files)) await write(path, content);
  return { folder, write, remove };
}
