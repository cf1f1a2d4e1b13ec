import type { Readable } from 'node:stream';

import { createBuildId, parseEnvironment } from '@convox-builds/domain';
import {
  type DescribedImage,
  type ImagePlace,
  listUnpublished,
  manifestsOf,
  publishImages,
  receiveBuildArchive,
  tagImages,
} from '@convox-builds/registry';
import type { BuildRecord, ImportedBuild, StoredLog } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { notFound } from '../http/http-error.js';
import { explainArchiveError } from './explain-archive-error.js';
import { type FittingArchive, fitArchive } from './fit-archive.js';
import { getRegistry } from './rack-registry.js';
import { sanitiseLog } from './sanitise-log.js';

/** A build that was made elsewhere and is here now. */
export interface ImportOutcome {
  readonly build: BuildRecord;
  readonly warnings: readonly string[];
}

/** One import on its way. */
interface Import {
  readonly app: string;
  readonly id: string;
  readonly startedAt: Date;
  readonly place: ImagePlace;
}

/** By service. */
type Images = ReadonlyMap<string, DescribedImage>;

/** What is recorded of an archive whose images are there. */
function describeBuild(
  { app, id, startedAt }: Import,
  { build }: FittingArchive,
  images: Images,
): Omit<ImportedBuild, 'log'> {
  const { description, manifest, entrypoint } = build;
  return {
    id,
    app,
    startedAt,
    description,
    manifest,
    gitSha: build['git-sha'],
    entrypoint: entrypoint === '' ? ([...images.values()].at(-1)?.entrypoint ?? '') : entrypoint,
    images: Object.fromEntries([...images].map(([service, { image }]) => [service, image])),
  };
}

/** Records a build and its release. */
async function recordBuild({ store }: ApiParts, build: ImportedBuild): Promise<BuildRecord> {
  try {
    const recorded = await store.builds.import(build);
    if (recorded === undefined) throw notFound('app', build.app);
    return recorded;
  } catch (error) {
    // A commit may have come through although its answer did not.
    const recorded = await store.builds.find(build.app, build.id).catch(() => undefined);
    if (recorded === undefined) throw error;
    return recorded;
  }
}

/** Takes away what an import left that failed. Whoever sent it has to know why that failed, and not this. */
async function takeAway({ logger }: ApiParts, { id }: Import, remove: () => Promise<void>): Promise<void> {
  await remove().catch((error: unknown) => {
    logger.warn({ err: error, buildId: id }, 'Cannot remove what a failed import left');
  });
}

/** Publishes the images of an archive and records its build. When that fails, what only this import has published goes again. */
async function storeBuild(
  parts: ApiParts,
  started: Import,
  { fitting, log }: { fitting: FittingArchive; log: StoredLog | undefined },
): Promise<{ build: BuildRecord; images: Images }> {
  const { app, place } = started;
  const unpublished = await listUnpublished(place, fitting.images);
  try {
    const images = await publishImages(place, fitting.images);
    return { build: await recordBuild(parts, { ...describeBuild(started, fitting, images), log }), images };
  } catch (error) {
    await takeAway(parts, started, () => parts.store.removals.addImages(app, unpublished));
    throw error;
  }
}

/** Removes the log of a build that was not recorded. While nobody can tell whether it was, the log stays. */
async function forgetLog({ store }: ApiParts, { app, id }: Import): Promise<void> {
  if ((await store.builds.find(app, id)) === undefined) await store.logs.removeWhole({ app, buildId: id });
}

/**
 * Writes the tags, each with its manifest: that of an equal image of somebody else may have been removed before this build was recorded.
 * Tags that cannot be written now are written by the workers later, from the record.
 */
async function tagBuild(
  { store, logger }: ApiParts,
  { place }: Import,
  { build, images }: { build: BuildRecord; images: Images },
): Promise<void> {
  try {
    await tagImages(place.client, place.repository, { ...build, manifests: manifestsOf(images) });
    await store.builds.markTagged(build.id);
  } catch (error) {
    logger.warn({ err: error, buildId: build.id }, 'Cannot tag images');
  }
}

async function receive(parts: ApiParts, started: Import, content: Readable): Promise<ImportOutcome> {
  const { store, settings } = parts;
  const { app, id, place } = started;
  let log: StoredLog | undefined;
  const archive = await receiveBuildArchive(content, {
    place,
    limits: settings.archiveLimits,
    storeLog: async (bytes) => {
      log = await store.logs.storeWhole({ app, buildId: id }, sanitiseLog(bytes));
    },
  });
  const environment = parseEnvironment((await store.releases.latest(app))?.environment ?? '');
  const fitting = fitArchive(archive, environment);
  const stored = await storeBuild(parts, started, { fitting, log });
  await tagBuild(parts, started, stored);
  return { build: stored.build, warnings: fitting.warnings };
}

/**
 * Takes in a build that was exported, from this rack or another one, or from Convox: its blobs as they come, then its
 * manifests, then build and release in one transaction, then the tags. Before that transaction nobody sees any of it, and
 * when something fails nothing of it stays but blobs that nothing names.
 *
 * @throws {HttpError} 400, 404, 422; 500 and 503 for the registry
 */
export async function importBuild(parts: ApiParts, app: string, content: Readable): Promise<ImportOutcome> {
  const { client, repositoryOf, prepareRepository } = getRegistry(parts);
  const started: Import = {
    app,
    id: createBuildId(),
    startedAt: new Date(),
    place: { client, repository: repositoryOf(app) },
  };
  try {
    await prepareRepository(app);
    return await receive(parts, started, content);
  } catch (error) {
    await takeAway(parts, started, () => forgetLog(parts, started));
    throw explainArchiveError(error);
  }
}
