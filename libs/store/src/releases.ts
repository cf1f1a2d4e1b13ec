import { createReleaseId, describeEnvironmentChange, parseEnvironment } from '@convox-builds/domain';
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

/** How a promotion went: `older` than the active release, or without a manifest, it is refused. */
export type PromoteOutcome = 'ok' | 'older' | 'empty-manifest' | 'missing';

/** The releases of a rack. */
export interface ReleaseRepository {
  /**
   * Makes a release by the rule of Convox (`provider/k8s/release.go`): from the latest one, or the given parent, with
   * another build (and its description and manifest) or another environment. It is not promoted.
   *
   * @returns `undefined` when the app, or in it the build or the parent, does not exist
   */
  create(release: NewRelease): Promise<ReleaseRecord | undefined>;
  find(app: string, id: string): Promise<ReleaseRecord | undefined>;
  /** The newest release, promoted or not. */
  latest(app: string): Promise<ReleaseRecord | undefined>;
  /** The newest releases first. */
  list(app: string, options: { limit: number }): Promise<ReleaseRecord[]>;
  /** Makes a release the active one. One that is older than the active one is refused unless forced. */
  promote(app: string, id: string, options: { isForced: boolean }): Promise<PromoteOutcome>;
}

/**
 * Lets one transaction at a time make or promote releases of an app: a release takes over what the one before it had, and
 * none may get lost in between.
 *
 * @returns the app's row; `undefined` when there is no such app
 */
async function lockReleases(knex: Knex, app: string): Promise<{ active_release_id: string } | undefined> {
  return knex('apps').where({ name: app }).forNoKeyUpdate().first('active_release_id');
}

/** Finds the newest release of an app, inside or outside a transaction. */
async function findLatestRelease(knex: Knex, app: string): Promise<ReleaseRecord | undefined> {
  const rows = await knex('releases').where({ app }).orderBy('ordinal', 'desc').limit(1);
  return rows.map(releaseFromRow).at(0);
}

async function findParent(knex: Knex, { app, parentReleaseId }: NewRelease): Promise<ReleaseRecord | undefined> {
  if (parentReleaseId === undefined) return findLatestRelease(knex, app);
  const rows = await knex('releases').where({ app, id: parentReleaseId });
  return rows.map(releaseFromRow).at(0);
}

function describe(release: NewRelease, parent: ReleaseRecord | undefined): string | undefined {
  if (release.description !== undefined) return release.description;
  if (release.environment === undefined) return undefined;
  const change = describeEnvironmentChange(
    parseEnvironment(parent?.environment ?? ''),
    parseEnvironment(release.environment),
  );
  return change === '' ? undefined : change;
}

/** What a release takes over from its build, and else from the release before it. */
function columnsOf(release: NewRelease, build: BuildRow | undefined, parent: ReleaseRecord | undefined) {
  const described = describe(release, parent) ?? build?.description ?? parent?.description;
  return {
    build_id: build?.id ?? parent?.buildId ?? '',
    environment: release.environment ?? parent?.environment ?? '',
    manifest: build?.manifest ?? parent?.manifest ?? '',
    description: described ?? '',
  };
}

async function createRelease(knex: Knex, release: NewRelease): Promise<ReleaseRecord | undefined> {
  const { app, buildId } = release;
  if ((await lockReleases(knex, app)) === undefined) return undefined;
  const parent = await findParent(knex, release);
  if (release.parentReleaseId !== undefined && parent === undefined) return undefined;
  const build = buildId === undefined ? undefined : await knex('builds').where({ app, id: buildId }).first();
  if (buildId !== undefined && build === undefined) return undefined;
  const columns = { id: createReleaseId(), app, ...columnsOf(release, build, parent) };
  return releaseFromRow(insertedRow(await knex('releases').insert(columns).returning('*')));
}

async function promoteRelease(
  knex: Knex,
  target: { app: string; id: string },
  isForced: boolean,
): Promise<PromoteOutcome> {
  const { app, id } = target;
  const owner = await lockReleases(knex, app);
  const release = await knex('releases').where({ app, id }).first();
  if (release === undefined || owner === undefined) return 'missing';
  if (release.manifest === '') return 'empty-manifest';
  const active = await knex('releases').where({ app, id: owner.active_release_id }).first();
  if (!isForced && active !== undefined && Number(release.ordinal) < Number(active.ordinal)) return 'older';
  await knex('apps').where({ name: app }).update({ active_release_id: id });
  return 'ok';
}

/** Opens the releases of a database. */
export function createReleaseRepository(knex: Knex): ReleaseRepository {
  return {
    create: (release) => knex.transaction((transaction) => createRelease(transaction, release)),
    find: async (app, id) => (await knex('releases').where({ app, id })).map(releaseFromRow).at(0),
    latest: (app) => findLatestRelease(knex, app),
    list: async (app, { limit }) =>
      (await knex('releases').where({ app }).orderBy('ordinal', 'desc').limit(limit)).map(releaseFromRow),
    promote: (app, id, { isForced }) =>
      knex.transaction((transaction) => promoteRelease(transaction, { app, id }, isForced)),
  };
}
