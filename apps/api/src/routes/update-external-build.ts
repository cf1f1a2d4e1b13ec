import type { updateBuildSchema } from '@convox-builds/api-contract';
import { isAllowedTransition, isReleaseId, parseObjectUrl } from '@convox-builds/domain';
import type { BuildRecord } from '@convox-builds/store';
import type { z } from 'zod';

import type { ApiParts } from '../api-parts.js';
import { HttpError, notFound } from '../http/http-error.js';

type UpdateBuild = z.output<typeof updateBuildSchema>;

function assertState({ id, state, releaseId }: BuildRecord, { status, release = releaseId }: UpdateBuild): void {
  if (status === undefined || status === state) return;
  if (!isAllowedTransition(state, status)) throw new HttpError(409, `build ${id} is ${state} and stays so`);
  if (status === 'complete' && release === '') throw new HttpError(422, 'release is required to complete a build');
}

async function assertReferences({ store }: ApiParts, app: string, { release, logs }: UpdateBuild): Promise<void> {
  if (logs !== undefined && parseObjectUrl(logs).app !== app)
    throw new HttpError(400, `logs must be an object of app ${app}`);
  if (release === undefined) return;
  const found = isReleaseId(release) ? await store.releases.find(app, release) : undefined;
  if (found === undefined) throw notFound('release', release);
}

/** Convox's clients report the release of an imported image, which the rack has made itself. */
const saysNothingNew = ({ state, releaseId }: BuildRecord, { status, release, ...rest }: UpdateBuild) =>
  Object.values(rest).every((value) => value === undefined) &&
  (status ?? state) === state &&
  (release ?? releaseId) === releaseId;

/**
 * Records what the client of an external build reports of it.
 *
 * @throws {HttpError} 404, 409, 422: the build is run by the rack, or what is reported cannot be
 */
export async function updateExternalBuild(
  parts: ApiParts,
  build: BuildRecord,
  input: UpdateBuild,
): Promise<BuildRecord> {
  const { app, id } = build;
  if (!build.options.external && saysNothingNew(build, input)) return build;
  if (!build.options.external) throw new HttpError(409, `build ${id} is run by the rack and cannot be changed`);
  assertState(build, input);
  await assertReferences(parts, app, input);
  const { status, release, started, ended, ...rest } = input;
  const state = status === build.state ? undefined : status;
  const change = { ...rest, state, releaseId: release, startedAt: started, endedAt: ended };
  const updated = await parts.store.builds.updateExternal(app, id, change);
  if (updated === undefined) throw notFound('build', id);
  return updated;
}
