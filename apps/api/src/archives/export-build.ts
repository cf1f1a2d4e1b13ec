import { type BuildArchive, writeBuildArchive } from '@convox-builds/registry';
import type { BuildRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { HttpError } from '../http/http-error.js';
import { presentBuild } from '../presenters/present-build.js';
import { explainArchiveError } from './explain-archive-error.js';
import { getRegistry } from './rack-registry.js';

/**
 * Plans the archive of a build. All that it needs is looked for before its first byte is sent.
 *
 * @throws {HttpError} 400 when the build has no images, 500 when they are not all there
 */
export async function exportBuild(parts: ApiParts, build: BuildRecord): Promise<BuildArchive> {
  const { client, repositoryOf } = getRegistry(parts);
  const { id, app, images, endedAt } = build;
  const { logs } = parts.store;
  if (endedAt === null || Object.keys(images).length === 0) throw new HttpError(400, 'no services found to export');
  try {
    return await writeBuildArchive(
      { client, repository: repositoryOf(app) },
      {
        id,
        // Where the log is here is of no use elsewhere, and it moves.
        json: { ...presentBuild(build), logs: '' },
        endedAt,
        images,
        log: { size: await logs.size(id), open: async () => logs.stream(id) },
      },
    );
  } catch (error) {
    throw explainArchiveError(error);
  }
}
