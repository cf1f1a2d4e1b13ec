import { join } from 'node:path';

import { indexTar, type TarSource } from '@convox-builds/buildkit-client';
import { BuildFailure, parseObjectUrl } from '@convox-builds/domain';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

/**
 * Brings the source archive to this worker and indexes it. It is never extracted: the files are served to BuildKit
 * straight from the archive, so that no path, link or device in it can touch this machine.
 *
 * @throws {BuildFailure} of class `user` when the archive is missing
 */
export async function fetchSource({ build, folder, signal }: Attempt, { objects }: WorkerParts): Promise<TarSource> {
  const { app, key } = parseObjectUrl(build.source);
  const archive = await objects.get(`${app}/${key}`);
  if (archive === undefined) throw new BuildFailure('user', `Cannot read source "${build.source}": object not found`);
  return indexTar({ archive: archive.content, spoolFile: join(folder, 'source.tar'), signal });
}
