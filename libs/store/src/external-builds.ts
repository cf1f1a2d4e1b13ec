import {
  BUILD_STATES,
  type BuildState,
  type BuiltImage,
  isAllowedTransition,
  isFinalState,
} from '@convox-builds/domain';
import type { Knex } from 'knex';

import { msAgo } from './claims.js';
import type { BuildRecord } from './records.js';
import { buildFromRow } from './rows.js';

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

const IS_EXTERNAL = `(options ->> 'external')::boolean`;

function columnsFromChange(knex: Knex, change: ExternalBuildChange): Record<string, unknown> {
  const isEnd = change.state !== undefined && isFinalState(change.state);
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

/** The states from which an external build may come to the one that was reported; the same one again is no change. */
function statesBefore(state: BuildState): BuildState[] {
  return BUILD_STATES.filter((before) => before === state || isAllowedTransition(before, state));
}

/** {@link BuildRepository.updateExternal} */
export async function updateExternal(
  knex: Knex,
  { app, id }: { app: string; id: string },
  change: ExternalBuildChange,
): Promise<BuildRecord | undefined> {
  const columns = columnsFromChange(knex, change);
  const external = () => knex('builds').where({ app, id }).whereRaw(IS_EXTERNAL);
  const build = (await external()).map(buildFromRow).at(0);
  if (build === undefined || Object.keys(columns).length === 0) return build;
  const fail = (why: string) => new SyntaxError(`Cannot update build "${id}": ${why}`);
  if (change.state === 'queued') throw fail('an external build is never queued');
  if (change.state === 'complete' && (change.releaseId ?? build.releaseId) === '') {
    throw fail('a complete build needs its release');
  }
  const query = external();
  if (change.state !== undefined) query.whereIn('state', statesBefore(change.state));
  const updated = (await query.update(columns).returning('*')).map(buildFromRow).at(0);
  if (updated === undefined) throw fail(`it is ${build.state} and cannot become ${change.state}`);
  return updated;
}

/** {@link BuildRepository.recordExternalImage} */
export async function recordExternalImage(
  knex: Knex,
  { id }: { id: string },
  { service, image }: { service: string; image: BuiltImage },
): Promise<boolean> {
  const images = knex.raw('images || ?::jsonb', [JSON.stringify({ [service]: image })]);
  const external = knex('builds').where({ id }).whereRaw(IS_EXTERNAL);
  return (await external.whereIn('state', ['created', 'running']).update({ images })) > 0;
}

/** {@link BuildRepository.failAbandoned} */
export async function failAbandoned(knex: Knex, olderThanMs: number): Promise<string[]> {
  const failed = await knex('builds')
    .whereRaw(IS_EXTERNAL)
    .whereIn('state', ['created', 'running'])
    .where('created_at', '<', msAgo(knex, olderThanMs))
    .update({
      state: 'failed',
      failure_class: 'timeout',
      reason: `whoever built it has not said for ${Math.round(olderThanMs / 3_600_000)} hours how it ended`,
      ended_at: knex.raw('clock_timestamp()'),
    })
    .returning('id');
  return failed.map(({ id }) => id);
}
