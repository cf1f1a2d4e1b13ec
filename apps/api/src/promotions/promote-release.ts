import { parseEnvironment } from '@convox-builds/domain';
import { findMissingEnvironment, ManifestError, parseManifest } from '@convox-builds/manifest';
import type { PromotionRefusal, ReleaseRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';

/** Why a release is not promoted: what the store says, or what is wrong with the release itself. */
export interface ReleaseRefusal {
  readonly code: PromotionRefusal | 'unfit';
  /** For people. */
  readonly reason: string;
}

const reasonsOf = ({ id }: ReleaseRecord): Readonly<Record<PromotionRefusal, string>> => ({
  updating: 'app is currently updating',
  older: 'can not promote an older release, try rollback',
  'empty-manifest': 'can not promote a release with an empty manifest',
  missing: `release not found: ${id}`,
});

/** Finds what keeps a release from running: its manifest, read as the build did it, or what a service requires and it has not. */
async function findFault({ store }: ApiParts, release: ReleaseRecord): Promise<string | undefined> {
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
    return missing.length > 0 ? `required env: ${missing.join(', ')}` : undefined;
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return error.message;
  }
}

/**
 * Promotes a release: at once, or by what the operator has set up, which then goes on by itself.
 *
 * @returns why it is refused; `undefined` when it is not
 */
export async function promoteRelease(
  parts: ApiParts,
  release: ReleaseRecord,
  { actor, isForced, workflowJobId }: { actor: string; isForced: boolean; workflowJobId?: string },
): Promise<ReleaseRefusal | undefined> {
  const { store, promoter } = parts;
  const { app, id, manifest } = release;
  const fault = manifest === '' ? undefined : await findFault(parts, release);
  if (fault !== undefined) return { code: 'unfit', reason: fault };
  const promotion = { app, releaseId: id, actor, isForced, isDone: !promoter.hasHook };
  const outcome = await store.promotions.create(
    workflowJobId === undefined ? promotion : { ...promotion, workflowJobId },
  );
  if (typeof outcome === 'string') return { code: outcome, reason: reasonsOf(release)[outcome] };
  promoter.wake();
  return undefined;
}
