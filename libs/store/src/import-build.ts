import { type BuiltImages, createReleaseId } from '@convox-builds/domain';
import type { Knex } from 'knex';

import type { StoredLog } from './logs/store-log.js';
import { type BuildRecord, NO_OPTIONS } from './records.js';
import { insertReleaseOfBuild, lockReleases } from './releases.js';
import { buildFromRow, insertedRow } from './rows.js';

/** A build that was made elsewhere, with its images in this rack's registry. */
export interface ImportedBuild {
  /** A new one, which its log was stored under. */
  readonly id: string;
  readonly app: string;
  readonly description: string;
  readonly gitSha: string;
  readonly manifest: string;
  readonly entrypoint: string;
  readonly images: BuiltImages;
  /** `undefined` when it came without one. */
  readonly log: StoredLog | undefined;
  readonly startedAt: Date;
}

/**
 * Records a build that is complete, with its release, which is not promoted; to be run in a transaction.
 *
 * @returns `undefined` when the app is not there any more
 */
export async function importBuild(knex: Knex, build: ImportedBuild): Promise<BuildRecord | undefined> {
  const { id, app, description, manifest, log } = build;
  if ((await lockReleases(knex, app)) === undefined) return undefined;
  const releaseId = createReleaseId();
  const rows = await knex('builds')
    .insert({
      id,
      app,
      state: 'complete',
      source: '',
      options: JSON.stringify(NO_OPTIONS),
      description,
      git_sha: build.gitSha,
      manifest,
      entrypoint: build.entrypoint,
      images: JSON.stringify(build.images),
      release_id: releaseId,
      logs: log?.url ?? '',
      log_seq: log?.chunkSizes.length ?? 0,
      started_at: build.startedAt,
      ended_at: knex.raw('clock_timestamp()'),
    })
    .returning('*');
  if (log !== undefined) await knex('compacted_logs').insert({ build_id: id, chunk_sizes: [...log.chunkSizes] });
  await insertReleaseOfBuild(knex, { releaseId, app, buildId: id, manifest, description });
  return buildFromRow(insertedRow(rows));
}
