import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The folders of a worker, all inside the one that it owns. */
export interface WorkerFolders {
  /** BuildKit's state: the warm cache. */
  readonly buildkit: string;
  /** One folder for each attempt that runs. */
  readonly builds: string;
  /** Repositories that are kept between builds. */
  readonly git: string;
  /** What the network of RUN steps needs. */
  readonly network: string;
}

/** Makes a worker's folders and clears away what a killed predecessor left of its attempts. */
export async function openWorkerFolder(folder: string): Promise<WorkerFolders> {
  const folders = {
    buildkit: join(folder, 'buildkit'),
    builds: join(folder, 'builds'),
    git: join(folder, 'git'),
    network: join(folder, 'network'),
  };
  await rm(folders.builds, { recursive: true, force: true });
  for (const path of Object.values(folders)) await mkdir(path, { recursive: true, mode: 0o700 });
  return folders;
}
