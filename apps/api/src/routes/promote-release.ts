import { parseEnvironment } from '@convox-builds/domain';
import { findMissingEnvironment, ManifestError, parseManifest } from '@convox-builds/manifest';
import type { PromotionRefusal, ReleaseRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { HttpError, notFound } from '../http/http-error.js';

function refuse(refusal: PromotionRefusal, { id }: ReleaseRecord): HttpError {
  switch (refusal) {
    case 'updating':
      return new HttpError(403, 'app is currently updating');
    case 'older':
      return new HttpError(400, 'can not promote an older release, try rollback');
    case 'empty-manifest':
      return new HttpError(400, 'can not promote a release with an empty manifest');
    case 'missing':
      return notFound('release', id);
  }
}

/** The manifest is read as the build did it; what a service requires, the release itself has to have. */
async function assertEnvironment({ store }: ApiParts, release: ReleaseRecord): Promise<void> {
  const build = release.buildId === '' ? undefined : await store.builds.find(release.app, release.buildId);
  const { manifest: fileName = '', buildArgs = {} } = build?.options ?? {};
  const environment = parseEnvironment(release.environment);
  const variables = new Map([...environment, ...Object.entries(buildArgs)]);
  try {
    const { manifest } = parseManifest(release.manifest, {
      variables,
      fileName: fileName === '' ? 'convox.yml' : fileName,
    });
    const missing = findMissingEnvironment(manifest, environment);
    if (missing.length > 0) throw new HttpError(400, `required env: ${missing.join(', ')}`);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new HttpError(400, error.message, { cause: error });
  }
}

/**
 * Promotes a release: at once, or by what the operator has set up, which then goes on by itself.
 *
 * @throws {HttpError} 400, 403: why it is refused
 */
export async function promoteRelease(
  parts: ApiParts,
  release: ReleaseRecord,
  { actor, isForced, workflowJobId }: { actor: string; isForced: boolean; workflowJobId?: string },
): Promise<void> {
  const { store, promoter } = parts;
  const { app, id, manifest } = release;
  if (manifest !== '') await assertEnvironment(parts, release);
  const promotion = { app, releaseId: id, actor, isForced, isDone: !promoter.hasHook };
  const outcome = await store.promotions.create(
    workflowJobId === undefined ? promotion : { ...promotion, workflowJobId },
  );
  if (typeof outcome === 'string') throw refuse(outcome, release);
  promoter.wake();
}
