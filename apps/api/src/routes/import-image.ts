import type { importImageSchema } from '@convox-builds/api-contract';
import { parseEnvironment, parseImageReference } from '@convox-builds/domain';
import { ManifestError, parseManifest } from '@convox-builds/manifest';
import { type BuildRecord, buildLoginPlace } from '@convox-builds/store';
import type { z } from 'zod';

import type { ApiParts } from '../api-parts.js';
import { HttpError } from '../http/http-error.js';

type ImportImage = z.output<typeof importImageSchema>;

function assertReference(image: string): void {
  if (image === '') throw new HttpError(422, 'image ref required');
  try {
    parseImageReference(image);
  } catch (error) {
    throw new HttpError(422, error instanceof Error ? error.message : String(error));
  }
}

/** The worker reads it again, with what the environment is by then. */
async function assertManifest({ store }: ApiParts, { app, id, manifest }: BuildRecord): Promise<void> {
  if (manifest === '') throw new HttpError(422, `build ${id} has no manifest: report the text of convox.yml first`);
  const variables = parseEnvironment((await store.releases.latest(app))?.environment ?? '');
  try {
    parseManifest(manifest, { variables, fileName: 'convox.yml', allowsMissing: true });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new HttpError(422, `manifest parse failed: ${error.message.split('\n').join('; ')}`);
  }
}

function explainRefusal({ id, state, options, images }: BuildRecord): HttpError {
  if (!options.external && (state === 'queued' || state === 'running'))
    return new HttpError(409, `build ${id} is already importing: wait for its end`);
  if (state !== 'created') return new HttpError(409, `build ${id} is ${state}: create another one to import an image`);
  const services = Object.keys(images).join(', ');
  return new HttpError(409, `build ${id} has images that were pushed for it (${services}): create another one`);
}

/**
 * Has an external build made of an image of another registry: it waits for a worker from now on.
 *
 * @throws {HttpError} 409: it was begun otherwise, or has ended; 422: image or manifest cannot be used
 */
export async function importImage(parts: ApiParts, build: BuildRecord, input: ImportImage): Promise<void> {
  const { app, id } = build;
  const { image, 'src-creds-user': username, 'src-creds-pass': password } = input;
  assertReference(image);
  if (build.state !== 'created') throw explainRefusal(build);
  await assertManifest(parts, build);
  const login = JSON.stringify({ username, password });
  const sealLogin =
    username === '' && password === ''
      ? undefined
      : (buildId: string) => parts.settings.secretBox.seal(login, buildLoginPlace(buildId));
  const queued = await parts.store.builds.importImage(app, id, { image, sealLogin });
  if (queued === undefined) throw explainRefusal((await parts.store.builds.find(app, id)) ?? build);
}
