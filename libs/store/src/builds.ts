import type { BuiltImage } from '@convox-builds/domain';
import type { Knex } from 'knex';

import { msAgo } from './claims.js';
import { type ActiveBuilds, countActive } from './count-active.js';
import { createBuild, createBuildOnce, type NewBuild, type RequestIdentity } from './create-build.js';
import { type ExternalBuildChange, failAbandoned, recordExternalImage, updateExternal } from './external-builds.js';
import { type ImportedBuild, importBuild } from './import-build.js';
import { type BuildFilter, listBuilds } from './list-builds.js';
import { type ImageImport, queueImageImport } from './queue-image-import.js';
import type { BuildRecord } from './records.js';
import { buildFromRow } from './rows.js';
import { supersedeBuilds } from './supersede-builds.js';
import { takeUntagged } from './take-untagged.js';

/** How a cancel went: the build was stopped, had ended before, or is not there. */
export type CancelOutcome = 'cancelled' | 'final' | 'missing';

/** The builds of a rack, as people see them. What a worker does to a build is in {@link AttemptRepository}. */
export interface BuildRepository {
  /** Records a build: `queued`, or `created` when somebody else will build it. */
  create(build: NewBuild): Promise<BuildRecord>;
  /**
   * Records a build unless a request of the same key has done so; then it is that build. `undefined` when that request
   * said something else.
   */
  createOnce(build: NewBuild, request: RequestIdentity): Promise<BuildRecord | undefined>;
  /** Records a build that was made elsewhere, complete and with its release; `undefined` when the app is gone. */
  import(build: ImportedBuild): Promise<BuildRecord | undefined>;
  /** Forgets the keys of requests that are older. */
  forgetRequests(options: { olderThanMs: number }): Promise<number>;
  find(app: string, id: string): Promise<BuildRecord | undefined>;
  /** The sealed login that stood in the address of a build's source; `undefined` for none, and when the build has ended. */
  findLogin(id: string): Promise<string | undefined>;
  /** The newest builds first. */
  list(app: string, filter: BuildFilter): Promise<BuildRecord[]>;
  /**
   * Takes the complete build that has been due for longest whose images have no tags yet, although it ended so long ago;
   * `undefined` when there is none. No other caller gets it until as much time again has gone by since its end, or
   * `retryAtLeastEveryMs`.
   */
  takeUntagged(options: { olderThanMs: number; retryAtLeastEveryMs: number }): Promise<BuildRecord | undefined>;
  /** Notes that the images of a build have their tags. */
  markTagged(id: string): Promise<void>;
  /** Tells whether a build of the app that has not ended is made of an object. */
  isNeeded(app: string, source: string): Promise<boolean>;
  /** Counts what has not ended, in one query that reads only these rows. */
  countActive(): Promise<ActiveBuilds>;
  /** Ends a queued or running build at once, on the record; whoever runs it learns that it is fenced off. */
  cancel(app: string, id: string, options: { actor: string }): Promise<CancelOutcome>;
  /** Cancels what waits of the same app and branch and is older. Its ids; none when the build has no branch. */
  supersede(build: BuildRecord): Promise<string[]>;
  /**
   * Changes the record of an external build; `undefined` when there is none, or it is not external.
   *
   * @throws {SyntaxError} when the build cannot come to the reported state: it has ended otherwise, or has no release
   */
  updateExternal(app: string, id: string, change: ExternalBuildChange): Promise<BuildRecord | undefined>;
  /**
   * Has an external build made by a worker, of an image; `undefined` when it is not there, is not external, has begun or
   * ended, or has no manifest.
   */
  importImage(app: string, id: string, from: ImageImport): Promise<BuildRecord | undefined>;
  /** Records what the client of an external build has pushed for a service; `false` when the build has ended. */
  recordExternalImage(build: { id: string }, pushed: { service: string; image: BuiltImage }): Promise<boolean>;
  /** Fails external builds that have not ended for so long; their ids. */
  failAbandoned(options: { olderThanMs: number }): Promise<string[]>;
}

async function cancelBuild(knex: Knex, app: string, id: string, actor: string): Promise<CancelOutcome> {
  const cancelled = await knex('builds')
    .where({ app, id })
    .whereIn('state', ['created', 'queued', 'running'])
    .update({
      state: 'cancelled',
      failure_class: 'cancelled',
      reason: `cancelled by ${actor}`,
      ended_at: knex.raw('clock_timestamp()'),
      lease_expires_at: null,
    });
  if (cancelled > 0) return 'cancelled';
  return (await knex('builds').where({ app, id }).first('id')) === undefined ? 'missing' : 'final';
}

/** Opens the builds of a database. */
export function createBuildRepository(knex: Knex): BuildRepository {
  const find = async (app: string, id: string) => (await knex('builds').where({ app, id })).map(buildFromRow).at(0);
  return {
    create: (build) => createBuild(knex, build),
    createOnce: (build, request) => knex.transaction((transaction) => createBuildOnce(transaction, build, request)),
    import: (build) => knex.transaction((transaction) => importBuild(transaction, build)),
    forgetRequests: ({ olderThanMs }) =>
      knex('idempotency_keys').where('created_at', '<', msAgo(knex, olderThanMs)).delete(),
    find,
    findLogin: async (id) => (await knex('build_logins').where({ build_id: id }).first('sealed'))?.sealed,
    list: (app, filter) => listBuilds(knex, app, filter),
    takeUntagged: (options) => takeUntagged(knex, options),
    markTagged: async (id) => {
      await knex('builds')
        .where({ id })
        .update({ tagged_at: knex.raw('clock_timestamp()') });
    },
    // The first condition is that of an index.
    isNeeded: async (app, source) =>
      (await knex('builds')
        .whereRaw(`starts_with(source, 'object://')`)
        .where({ app, source })
        .whereIn('state', ['queued', 'running'])
        .first('id')) !== undefined,
    countActive: () => countActive(knex),
    cancel: (app, id, { actor }) => cancelBuild(knex, app, id, actor),
    supersede: (build) => supersedeBuilds(knex, build),
    importImage: (app, id, from) => knex.transaction((transaction) => queueImageImport(transaction, { app, id }, from)),
    recordExternalImage: (build, pushed) => recordExternalImage(knex, build, pushed),
    failAbandoned: ({ olderThanMs }) => failAbandoned(knex, olderThanMs),
    updateExternal: (app, id, change) => updateExternal(knex, { app, id }, change),
  };
}
