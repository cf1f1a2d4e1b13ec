import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { createTemporaryFolder, startPostgres } from '@convox-builds/testing';

import { startEmbeddedPostgres } from '../embedded/start-embedded-postgres.js';
import { createDiskObjectStorage } from '../objects/disk-object-storage.js';
import type { ObjectStorage } from '../objects/object-storage.js';
import { createStore, migrateStore, type Store } from '../store.js';

/** Everything has to hold on both. */
export const BACKENDS = ['postgres', 'embedded'] as const;

export type Backend = (typeof BACKENDS)[number];

export interface TestStore {
  readonly store: Store;
  readonly objects: ObjectStorage;
  readonly url: string;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/** Starts an empty database of one kind. */
async function startBackend(backend: Backend): Promise<{ url: string; stop: () => Promise<void> }> {
  if (backend === 'postgres') return startPostgres();
  const folder = await createTemporaryFolder();
  const paths = { folder: join(folder.path, 'db'), socketFolder: join(folder.path, 's') };
  const { url, stop } = await startEmbeddedPostgres(paths);
  return { url, stop: () => stop().then(folder.remove) };
}

/** Opens a store on a database of its own. */
export async function openTestStore(backend: Backend): Promise<TestStore> {
  const database = await startBackend(backend);
  const temporary = await createTemporaryFolder();
  const folder = join(temporary.path, 'objects');
  await mkdir(folder);
  await migrateStore(database.url);
  const objects = createDiskObjectStorage({ folder });
  const store = createStore({ databaseUrl: database.url, objects });
  return {
    store,
    objects,
    url: database.url,
    folder,
    stop: async () => {
      await store.close();
      await database.stop();
      await temporary.remove();
    },
  };
}
