import { join } from 'node:path';

import { indexTar, type TarSource, TarSourceError } from '@convox-builds/buildkit-client';
import { BuildFailure, parseObjectUrl } from '@convox-builds/domain';
import type { ObjectStorage } from '@convox-builds/store';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

/** Reads an object to its end: the storage fails when it is not what was stored. */
async function assertUndamaged(objects: ObjectStorage, key: string): Promise<void> {
  const object = await objects.get(key);
  if (object !== undefined) for await (const _bytes of object.content);
}

/**
 * Brings an uploaded archive to this worker and indexes it.
 *
 * @throws {BuildFailure} of class `user` when the archive is missing
 * @throws {TarSourceError} when the archive is bad as it was sent; another error when it has changed since
 */
export async function fetchObject({ build, folder, signal }: Attempt, { objects }: WorkerParts): Promise<TarSource> {
  const { app, key } = parseObjectUrl(build.source);
  const path = `${app}/${key}`;
  const archive = await objects.get(path);
  if (archive === undefined) throw new BuildFailure('user', `Cannot read source "${build.source}": object not found`);
  try {
    return await indexTar({ archive: archive.content, spoolFile: join(folder, 'source.tar'), signal });
  } catch (error) {
    // Before a person is told that the archive is bad: it may be our copy alone that is.
    if (error instanceof TarSourceError) await assertUndamaged(objects, path);
    throw error;
  }
}
