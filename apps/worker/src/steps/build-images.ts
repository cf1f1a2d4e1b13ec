import type { TarSource } from '@convox-builds/buildkit-client';
import type { AppManifest, BuildPlan, PlannedImage } from '@convox-builds/manifest';
import type { DescribedImage } from '@convox-builds/registry';
import type { Span } from '@convox-builds/runtime';

import type { Attempt } from '../attempt.js';
import { buildImage } from '../images/build-image.js';
import { copyImage } from '../images/copy-image.js';
import { openBuildSessions } from '../images/open-build-sessions.js';
import { createRackLoginFinder } from '../images/rack-logins.js';
import { createLoginFinder, type FindLogin } from '../images/registry-logins.js';
import type { WorkerParts } from '../worker-parts.js';

/** What this step is given. */
export interface PlannedBuild {
  readonly attempt: Attempt;
  readonly source: TarSource;
  readonly manifest: AppManifest;
  readonly plan: BuildPlan;
  /** Of this step. */
  readonly span: Span;
}

/**
 * Builds or copies all images at once. The first failure stops the others.
 *
 * @returns what was made, by service, in the manifest's order
 */
export async function buildImages(
  build: PlannedBuild,
  parts: WorkerParts,
): Promise<ReadonlyMap<string, DescribedImage>> {
  const { attempt, plan } = build;
  const failed = new AbortController();
  const signal = AbortSignal.any([attempt.signal, failed.signal]);
  const findLogin = findLoginsOf(build, parts);
  const sessions = await openBuildSessions({ ...build, findLogin, signal }, parts);
  const make = (image: PlannedImage) =>
    build.span.run(`${image.kind} ${image.services.join(',')}`, (span) =>
      image.kind === 'copy'
        ? copyImage({ attempt, image, findLogin, signal }, parts)
        : buildImage({ attempt, image, session: sessions.of(image), signal, span }, parts),
    );
  try {
    const makeForServices = async (image: PlannedImage) => {
      const built = await make(image);
      return image.services.map((service) => [service, built] as const);
    };
    return new Map((await settleAll(plan.images.map(makeForServices), failed)).flat());
  } finally {
    await sessions.close();
  }
}

/** Who a build is at other registries. */
function findLoginsOf({ attempt, manifest }: PlannedBuild, parts: WorkerParts): FindLogin {
  const { registryGate, store, settings, ecrPasswords } = parts;
  const findInRack = createRackLoginFinder({ store, secretBox: settings.secretBox, ecrPasswords });
  return createLoginFinder({
    pullSecrets: Object.values(manifest.services).flatMap((service) => service.imagePullSecrets),
    environment: attempt.environment,
    findRackLogin: async (host) => registryGate.credentials(host) ?? findInRack(host),
  });
}

/** Waits for all, so that nothing runs on behind our back, and throws the failure that came first. */
async function settleAll<T>(promises: Promise<T>[], failed: AbortController): Promise<T[]> {
  let first: { error: unknown } | undefined;
  const results = promises.map((promise) =>
    promise.catch((error: unknown) => {
      first ??= { error };
      failed.abort(error);
      return undefined;
    }),
  );
  const settled = await Promise.all(results);
  if (first !== undefined) throw first.error;
  return settled.filter((result) => result !== undefined);
}
