import type { TarSource } from '@convox-builds/buildkit-client';
import { isObjectUrl } from '@convox-builds/domain';

import type { Attempt } from '../attempt.js';
import { fetchGit } from '../sources/fetch-git.js';
import { fetchObject } from '../sources/fetch-object.js';
import type { WorkerParts } from '../worker-parts.js';

/**
 * Brings the source to this worker and indexes it. It is never extracted: the files are served to BuildKit straight from
 * a tar, so that no path, link or device in it can touch this machine.
 */
export async function fetchSource(attempt: Attempt, parts: WorkerParts): Promise<TarSource> {
  const fetch = isObjectUrl(attempt.build.source) ? fetchObject : fetchGit;
  return fetch(attempt, parts);
}
