import { createReleaseId, describeEnvironmentChange, findSourceImage, parseEnvironment } from '@convox-builds/domain';
import type { Knex } from 'knex';

import type { ReleaseRecord } from './records.js';
import { insertedRow, releaseFromRow } from './rows.js';
import type { BuildRow } from './tables.js';

/** What a new release is made from; what is not given is taken from the release before it. */
export interface NewRelease {
  readonly app: string;
  readonly buildId?: string | undefined;
  /** The whole new environment, as `KEY=VALUE` lines. */
  readonly environment?: string | undefined;
  readonly description?: string | undefined;
  /** The release to start from instead of the latest one. */
  readonly parentReleaseId?: string | undefined;
}

/** The releases of a rack. */
export interface ReleaseRepository {
  /**
   * Makes a release by the rule of Convox (`provider/k8s/release.go`): from the latest one, or the given parent, with
   * another build (and its description and manifest) or another environment. It is not promoted. Who asks without an
   * environment for a release of an external build or of an imported image gets the one that it has: Convox's clients ask
   * for the first twice, and for the second although the rack has made it.
   *
   * @returns `undefined` when the app, or in it the build or the parent, does not exist
   */
  create(release: NewRelease): Promise<ReleaseRecord | undefined>;
  find(app: string, id: string): Promise<ReleaseRecord | undefined>;
  /** The newest release, promoted or not. */
  latest(app: string): Promise<ReleaseRecord | undefined>;
  /** The newest releases first. */
  list(app: string, options: { limit: number }): Promise<ReleaseRecord[]>;
}

/**
 * Lets one transaction at a time make or promote releases of an app: a release takes over what the one before it had, and
 * none may get lost in between.
 *
 * @returns the app's row; `undefined` when there is no such app
 */
export async function lockReleases(knex: Knex, app: string): Promise<{ active_release_id: string } | undefined> {
  return knex('apps').where({ name: app }).forNoKeyUpdate().first('active_release_id');
}

/** Finds the newest release of an app, inside or outside a transaction. */
export async function findLatestRelease(knex: Knex, app: string): Promise<ReleaseRecord | undefined> {
  const rows = await knex('releases').where({ app }).orderBy('ordinal', 'desc').limit(1);
  return rows.map(releaseFromRow).at(0);
}

/** Makes the release of a build that is complete, with the environment of the one before it; inside its transaction. */
export async function insertReleaseOfBuild(
  knex: Knex,
  build: { releaseId: string; app: string; buildId: string; manifest: string; description: string },
): Promise<ReleaseRecord> {
  const { releaseId: id, app, buildId: build_id, manifest, description } = build;
  const environment = (await findLatestRelease(knex, app))?.environment ?? '';
  const release = { id, app, build_id, is_made_by_build: true, environment, manifest, description };
  return releaseFromRow(insertedRow(await knex('releases').insert(release).returning('*')));
}

async function findParent(knex: Knex, { app, parentReleaseId }: NewRelease): Promise<ReleaseRecord | undefined> {
  if (parentReleaseId === undefined) return findLatestRelease(knex, app);
  const rows = await knex('releases').where({ app, id: parentReleaseId });
  return rows.map(releaseFromRow).at(0);
}

/** An explicit description wins, then what changed in the environment, then the build's; the parent's was about the parent. */
function describe(release: NewRelease, build: BuildRow | undefined, parent: ReleaseRecord | undefined): string {
  if (release.description !== undefined) return release.description;
  const change =
    release.environment === undefined
      ? ''
      : describeEnvironmentChange(parseEnvironment(parent?.environment ?? ''), parseEnvironment(release.environment));
  return change === '' ? (build?.description ?? '') : change;
}

/** What a release takes over from its build, and else from the release before it. */
function columnsOf(release: NewRelease, build: BuildRow | undefined, parent: ReleaseRecord | undefined) {
  return {
    build_id: build?.id ?? parent?.buildId ?? '',
    environment: release.environment ?? parent?.environment ?? '',
    manifest: build?.manifest ?? parent?.manifest ?? '',
    description: describe(release, build, parent),
  };
}

async function findOwnRelease(knex: Knex, build: BuildRow): Promise<ReleaseRecord | undefined> {
  const rows = await knex('releases').where({ build_id: build.id, is_made_by_build: true });
  return rows.map(releaseFromRow).at(0);
}

/** Makes a release, see {@link ReleaseRepository}; inside a transaction. */
export async function createRelease(knex: Knex, release: NewRelease): Promise<ReleaseRecord | undefined> {
  const { app, buildId } = release;
  if ((await lockReleases(knex, app)) === undefined) return undefined;
  const parent = await findParent(knex, release);
  if (release.parentReleaseId !== undefined && parent === undefined) return undefined;
  const build = buildId === undefined ? undefined : await knex('builds').where({ app, id: buildId }).first();
  if (buildId !== undefined && build === undefined) return undefined;
  const external = build?.options.external === true ? build : undefined;
  const isImport = build !== undefined && findSourceImage(build.source) !== undefined;
  const own =
    build !== undefined && (external !== undefined || isImport) ? await findOwnRelease(knex, build) : undefined;
  if (own !== undefined && release.environment === undefined) return own;
  const isFirst = external !== undefined && own === undefined;
  const columns = { id: createReleaseId(), app, is_made_by_build: isFirst, ...columnsOf(release, build, parent) };
  return releaseFromRow(insertedRow(await knex('releases').insert(columns).returning('*')));
}

/** Opens the releases of a database. */
export function createReleaseRepository(knex: Knex): ReleaseRepository {
  return {
    create: (release) => knex.transaction((transaction) => createRelease(transaction, release)),
    find: async (app, id) => (await knex('releases').where({ app, id })).map(releaseFromRow).at(0),
    latest: (app) => findLatestRelease(knex, app),
    list: async (app, { limit }) =>
      (await knex('releases').where({ app }).orderBy('ordinal', 'desc').limit(limit)).map(releaseFromRow),
  };
}
