import { formatObjectUrl, isBuildId, isFinalState } from '@convox-builds/domain';
import { assertObjectKey } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { HttpError } from '../http/http-error.js';

/** What Convox's clients store of an external build themselves (`pkg/build/build.go`). */
const EXTERNAL_LOG = /^build\/([^/]+)\/logs$/;

async function isLogInTheMaking({ store }: Pick<ApiParts, 'store'>, app: string, key: string): Promise<boolean> {
  const id = EXTERNAL_LOG.exec(key)?.[1] ?? '';
  const build = isBuildId(id) ? await store.builds.find(app, id) : undefined;
  return build !== undefined && build.options.external && !isFinalState(build.state);
}

/**
 * Makes sure that clients may write or delete an object: what builds have left is the rack's own, and what one is made of stays as it is
 * until it has ended.
 *
 * @throws {HttpError} 409
 * @throws {SyntaxError} for a key that no object can have
 */
export async function assertChangeable(
  parts: Pick<ApiParts, 'store'>,
  { app, key }: { app: string; key: string },
): Promise<void> {
  assertObjectKey(`${app}/${key}`);
  if (key.startsWith('build/') && !(await isLogInTheMaking(parts, app, key)))
    throw new HttpError(409, `object ${key} is the rack's: clients store there the log of an external build that runs`);
  if (await parts.store.builds.isNeeded(app, formatObjectUrl({ app, key })))
    throw new HttpError(409, `object ${key} is what a build is made of that has not ended`);
}
