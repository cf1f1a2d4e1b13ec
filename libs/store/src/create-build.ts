import { BUILD_LANES, type BuildLane, createBuildId } from '@convox-builds/domain';
import type { Knex } from 'knex';

import { isUniqueViolation } from './database-error.js';
import type { BuildOptions, BuildRecord } from './records.js';
import { buildFromRow, insertedRow } from './rows.js';

/** What a request for a build says. */
export interface NewBuild {
  readonly app: string;
  readonly source: string;
  readonly options: BuildOptions;
  readonly description: string;
  readonly gitSha: string;
  /** Default `''`: none. */
  readonly gitBranch?: string;
  /** The job that the build is for: it gets to know the build in the same transaction. Default: none. */
  readonly workflowJobId?: string;
  /** Seals the login that stood in the address of the source, for {@link buildLoginPlace}; it is kept until the build ends. */
  readonly sealLogin?: (buildId: string) => string;
  /** Default `interactive`. */
  readonly lane?: BuildLane;
  /** The span of the request (W3C Trace Context); default `''`: it is not traced. */
  readonly traceparent?: string;
}

/** What makes a repeated request the same request. */
export interface RequestIdentity {
  /** Chosen by the client, for one app. */
  readonly key: string;
  /** Of everything else that the request says. */
  readonly hash: string;
}

const ID_TRIES = 5;

/** Where the login of a build's source is stored, for its seal. */
export function buildLoginPlace(buildId: string): string {
  return `builds/${buildId}/source`;
}

async function insertBuild(knex: Knex, id: string, build: NewBuild): Promise<BuildRecord> {
  const rows = await knex('builds')
    .insert({
      id,
      app: build.app,
      state: build.options.external ? 'created' : 'queued',
      source: build.source,
      options: JSON.stringify(build.options),
      description: build.description,
      git_sha: build.gitSha,
      git_branch: build.gitBranch ?? '',
      lane: BUILD_LANES.indexOf(build.lane ?? 'interactive'),
      traceparent: build.traceparent ?? '',
    })
    .returning('*');
  if (build.workflowJobId !== undefined) {
    await knex('workflow_job_builds').where({ job_id: build.workflowJobId, app: build.app }).update({ build_id: id });
  }
  if (build.sealLogin !== undefined) await knex('build_logins').insert({ build_id: id, sealed: build.sealLogin(id) });
  return buildFromRow(insertedRow(rows));
}

/** Records a build. */
export async function createBuild(knex: Knex, build: NewBuild): Promise<BuildRecord> {
  const insert = (id: string) =>
    build.sealLogin === undefined && build.workflowJobId === undefined
      ? insertBuild(knex, id, build)
      : knex.transaction((transaction) => insertBuild(transaction, id, build));
  for (let tries = 1; ; tries++) {
    try {
      return await insert(createBuildId());
    } catch (error) {
      if (tries === ID_TRIES || !isUniqueViolation(error)) throw error;
    }
  }
}

/** Records a build unless the key is known; to be run in a transaction. A request that comes at the same time waits for it at the key. */
export async function createBuildOnce(
  knex: Knex,
  build: NewBuild,
  { key, hash }: RequestIdentity,
): Promise<BuildRecord | undefined> {
  const { app } = build;
  const id = createBuildId();
  const inserted = await knex('idempotency_keys')
    .insert({ app, key, request_hash: hash, build_id: id })
    .onConflict(['app', 'key'])
    .ignore()
    .returning('key');
  if (inserted.length > 0) return insertBuild(knex, id, build);
  const known = await knex('idempotency_keys').where({ app, key, request_hash: hash }).first('build_id');
  return (await knex('builds').where({ id: known?.build_id ?? '' })).map(buildFromRow).at(0);
}
