import type { TarSource } from '@convox-builds/buildkit-client';
import { findGitSource } from '@convox-builds/domain';
import type { AppManifest, BuildPlan, PlannedImage } from '@convox-builds/manifest';
import type { DescribedImage } from '@convox-builds/registry';
import type { Span } from '@convox-builds/runtime';
import type { BuildRecord } from '@convox-builds/store';

import type { Attempt } from '../attempt.js';
import type { CacheableImage } from '../cache/cacheable-build.js';
import { buildImage } from '../images/build-image.js';
import { copyImage } from '../images/copy-image.js';
import { createBuildLoginFinder } from '../images/create-build-login-finder.js';
import { openBuildSessions } from '../images/open-build-sessions.js';
import { prepareRepository } from '../images/prepare-repository.js';
import { waitOutPullLimit } from '../images/wait-out-pull-limit.js';
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

/** What came of it. */
export interface BuiltImages {
  /** What was made, by service, in the manifest's order. */
  readonly images: ReadonlyMap<string, DescribedImage>;
  /** The images that were built, with what their layers were made from. */
  readonly cacheable: readonly CacheableImage[];
}

/** The record with the commit, which this attempt may have found out. */
async function readOrigin({ build }: Attempt, { store }: WorkerParts): Promise<BuildRecord> {
  if (findGitSource(build.source) === undefined) return build;
  return (await store.builds.find(build.app, build.id)) ?? build;
}

/**
 * Builds or copies all images at once. The first failure stops the others.
 */
export async function buildImages(build: PlannedBuild, parts: WorkerParts): Promise<BuiltImages> {
  const { attempt, plan } = build;
  const failed = new AbortController();
  const signal = AbortSignal.any([attempt.signal, failed.signal]);
  await prepareRepository(attempt, parts);
  const origin = await readOrigin(attempt, parts);
  const findLogin = createBuildLoginFinder(build, parts);
  const sessions = await openBuildSessions({ ...build, findLogin, signal }, parts);
  const make = (image: PlannedImage) =>
    build.span.run(`${image.kind} ${image.services.join(',')}`, async (span) =>
      image.kind === 'copy'
        ? { described: await copyImage({ attempt, image, findLogin, signal }, parts), cacheable: undefined }
        : buildImage({ attempt, image, origin, sessions, signal, span }, parts),
    );
  try {
    const makeForServices = async (image: PlannedImage) => {
      const { services } = image;
      const limited = { services, attempt, signal };
      const { described, cacheable } = await waitOutPullLimit(() => make(image), limited, parts);
      return { cacheable, entries: services.map((service) => [service, described] as const) };
    };
    const made = await settleAll(plan.images.map(makeForServices), failed);
    return {
      images: new Map(made.flatMap(({ entries }) => entries)),
      cacheable: made.flatMap(({ cacheable }) => cacheable ?? []),
    };
  } finally {
    await sessions.close();
  }
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
