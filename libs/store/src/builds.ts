import { type BuildState, createBuildId } from '@convox-builds/domain';
import type { Knex } from 'knex';

import type { BuildOptions, BuildRecord } from './records.js';
import { isUniqueViolation, recordFromRow } from './rows.js';

/** What a request for a build says. */
export interface NewBuild {
  readonly app: string;
  readonly source: string;
  readonly options: BuildOptions;
  readonly description: string;
  readonly gitSha: string;
}

/** What the client of an external build reports of it. */
export interface ExternalBuildChange {
  readonly state?: BuildState | undefined;
  readonly manifest?: string | undefined;
  readonly entrypoint?: string | undefined;
  readonly logs?: string | undefined;
  readonly releaseId?: string | undefined;
  readonly startedAt?: Date | undefined;
  readonly endedAt?: Date | undefined;
}

/** How a cancel went: the build was stopped, had ended before, or is not there. */
export type CancelOutcome = 'cancelled' | 'final' | 'missing';

/** The builds of a rack, as people see them. What a worker does to a build is in {@link AttemptRepository}. */
export interface BuildRepository {
  /** Records a build: `queued`, or `created` when somebody else will build it. */
  create(build: NewBuild): Promise<BuildRecord>;
  find(app: string, id: string): Promise<BuildRecord | undefined>;
  /** The newest builds first. */
  list(app: string, options: { limit: number }): Promise<BuildRecord[]>;
  /** Ends a queued or running build at once, on the record; whoever runs it learns that it is fenced off. */
  cancel(app: string, id: string, options: { actor: string }): Promise<CancelOutcome>;
  /** Changes the record of an external build; `undefined` when there is none, or it is not external. */
  updateExternal(app: string, id: string, change: ExternalBuildChange): Promise<BuildRecord | undefined>;
}

const recordFromBuildRow = ({ log_seq: _, ...row }: Record<string, unknown>) => recordFromRow<BuildRecord>(row);

const ID_TRIES = 5;

async function insertBuild(knex: Knex, build: NewBuild): Promise<BuildRecord> {
  for (let tries = 1; ; tries++) {
    try {
      const [row] = await knex('builds')
        .insert({
          id: createBuildId(),
          app: build.app,
          state: build.options.external ? 'created' : 'queued',
          source: build.source,
          options: JSON.stringify(build.options),
          description: build.description,
          git_sha: build.gitSha,
        })
        .returning('*');
      return recordFromBuildRow(row);
    } catch (error) {
      if (tries === ID_TRIES || !isUniqueViolation(error)) throw error;
    }
  }
}

async function cancelBuild(knex: Knex, app: string, id: string, actor: string): Promise<CancelOutcome> {
  const cancelled = await knex('builds')
    .where({ app, id })
    .whereIn('state', ['created', 'queued', 'running'])
    .update({
      state: 'cancelled',
      reason: `cancelled by ${actor}`,
      ended_at: knex.raw('clock_timestamp()'),
      lease_expires_at: null,
    });
  if (cancelled > 0) return 'cancelled';
  return (await knex('builds').where({ app, id }).first('id')) === undefined ? 'missing' : 'final';
}

function columnsFromChange(knex: Knex, change: ExternalBuildChange): Record<string, unknown> {
  const isEnd = change.state !== undefined && ['complete', 'failed', 'cancelled'].includes(change.state);
  const columns = {
    state: change.state,
    manifest: change.manifest,
    entrypoint: change.entrypoint,
    logs: change.logs,
    release_id: change.releaseId,
    started_at: change.startedAt,
    ended_at: isEnd ? (change.endedAt ?? knex.raw('clock_timestamp()')) : undefined,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** Opens the builds of a database. */
export function createBuildRepository(knex: Knex): BuildRepository {
  const find = async (app: string, id: string) =>
    (await knex('builds').where({ app, id })).map(recordFromBuildRow).at(0);
  return {
    create: (build) => insertBuild(knex, build),
    find,
    list: async (app, { limit }) =>
      (await knex('builds').where({ app }).orderBy('created_at', 'desc').limit(limit)).map(recordFromBuildRow),
    cancel: (app, id, { actor }) => cancelBuild(knex, app, id, actor),
    updateExternal: async (app, id, change) => {
      const columns = columnsFromChange(knex, change);
      const external = knex('builds').where({ app, id }).whereRaw(`(options ->> 'external')::boolean`);
      if (Object.keys(columns).length === 0) return (await external).map(recordFromBuildRow).at(0);
      return (await external.update(columns).returning('*')).map(recordFromBuildRow).at(0);
    },
  };
}
