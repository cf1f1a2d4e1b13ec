import type { Knex } from 'knex';

import type { BuildCacheRow, LayerCacheRow } from './cache-rows.js';

/** The cache of a service in the registry, and what is known of its use. Times are milliseconds. */
export interface LayerCache {
  /** Of the cache's manifest in the app's repository; `''` before the first export. */
  readonly digest: string;
  /** Of the last export: what the cache took, and how long it took. */
  readonly bytes: number;
  readonly exportMs: number;
  /** What the steps took that were run since the last export. */
  readonly unexportedMs: number;
  /** How often the service was built, and how often on a cold disk. */
  readonly builds: number;
  readonly coldBuilds: number;
}

/** Where the steps of a build's service came from, and what became of its cache. */
export interface BuildCacheRecord {
  readonly service: string;
  readonly localSteps: number;
  readonly registrySteps: number;
  readonly builtSteps: number;
  /** What the import took; 0 for none. */
  readonly importMs: number;
  readonly export: BuildCacheRow['export'];
  /** Why it was or was not exported. */
  readonly reason: string;
  readonly exportMs: number;
  readonly exportBytes: number;
}

/** Names the cache of a service. */
export interface CachePlace {
  readonly app: string;
  /** Of the app, when the build was taken up: what was built before its cache was reset has no place any more. */
  readonly sourceKey: string;
  readonly service: string;
}

/** What a build has made of a service. */
export type BuiltService = Pick<BuildCacheRecord, 'localSteps' | 'registrySteps' | 'builtSteps' | 'importMs'> & {
  readonly isCold: boolean;
  /** What its steps took. */
  readonly builtMs: number;
};

/** What an export made: the manifest's digest, what the cache takes, how long it took. */
export interface ExportedCache {
  readonly digest: string;
  readonly bytes: number;
  readonly exportMs: number;
}

/** The layer caches of apps in the registry. */
export interface LayerCacheRepository {
  find(place: CachePlace): Promise<LayerCache | undefined>;
  /** Counts a build of a service. What is known then; `undefined` when the place is gone. */
  addBuild(place: CachePlace, built: BuiltService): Promise<LayerCache | undefined>;
  /** Records a build's service; once more, when its export has ended. No effect when the build is gone. */
  record(buildId: string, record: BuildCacheRecord): Promise<void>;
  /** Records what is in the registry now; the former one is removed, and this one as well when the place is gone. */
  replace(place: CachePlace, exported: ExportedCache, options: { exportedWorkMs: number }): Promise<void>;
  /** What became of each service of a build, by name. */
  list(buildId: string): Promise<BuildCacheRecord[]>;
}

const cacheFromRow = (row: LayerCacheRow): LayerCache => ({
  digest: row.digest,
  bytes: Number(row.bytes),
  exportMs: row.export_ms,
  unexportedMs: Number(row.unexported_ms),
  builds: row.builds,
  coldBuilds: row.cold_builds,
});

const recordFromRow = (row: BuildCacheRow): BuildCacheRecord => ({
  service: row.service,
  localSteps: row.local_steps,
  registrySteps: row.registry_steps,
  builtSteps: row.built_steps,
  importMs: row.import_ms,
  export: row.export,
  reason: row.reason,
  exportMs: row.export_ms,
  exportBytes: Number(row.export_bytes),
});

async function addBuild(knex: Knex, { app, sourceKey, service }: CachePlace, built: BuiltService) {
  const { rows } = await knex.raw<{ rows: LayerCacheRow[] }>(
    `INSERT INTO layer_caches AS cache (app, service, unexported_ms, builds, cold_builds)
     SELECT name, ?, ?, 1, ? FROM apps WHERE name = ? AND source_key = ?
     ON CONFLICT (app, service) DO UPDATE SET
       unexported_ms = cache.unexported_ms + excluded.unexported_ms,
       builds = cache.builds + 1,
       cold_builds = cache.cold_builds + excluded.cold_builds
     RETURNING *`,
    [service, Math.round(built.builtMs), built.isCold ? 1 : 0, app, sourceKey],
  );
  return rows.map(cacheFromRow).at(0);
}

async function record(knex: Knex, buildId: string, cache: BuildCacheRecord): Promise<void> {
  const columns = {
    local_steps: cache.localSteps,
    registry_steps: cache.registrySteps,
    built_steps: cache.builtSteps,
    import_ms: Math.round(cache.importMs),
    export: cache.export,
    reason: cache.reason,
    export_ms: Math.round(cache.exportMs),
    export_bytes: String(cache.exportBytes),
  };
  const row = { build_id: buildId, service: cache.service, ...columns };
  const values = Object.entries(row).map(([name, value]) => knex.raw('? AS ??', [value, name]));
  // A build that is being deleted takes its rows with it: it is held while one is added.
  const fromBuild = knex('builds').where({ id: buildId }).forShare().select(values);
  const into = knex.raw('build_caches (??)', [Object.keys(row)]);
  await knex(into).insert(fromBuild).onConflict(['build_id', 'service']).merge(Object.keys(columns));
}

async function replace(
  knex: Knex,
  { app, sourceKey, service }: CachePlace,
  { digest, bytes, exportMs }: ExportedCache,
  exportedWorkMs: number,
): Promise<void> {
  await knex.transaction(async (transaction) => {
    const updated = await transaction('layer_caches')
      .where({ app, service })
      .whereExists(transaction('apps').where({ name: app, source_key: sourceKey }))
      .update({
        digest,
        bytes: String(bytes),
        export_ms: Math.round(exportMs),
        unexported_ms: transaction.raw('greatest(0, unexported_ms - ?::bigint)', [Math.round(exportedWorkMs)]),
      });
    const removal = { app, kind: 'image', target: digest } as const;
    if (updated === 0) await transaction('removals').insert(removal).onConflict(['app', 'kind', 'target']).ignore();
  });
}

/** Opens the layer caches of a database. */
export function createLayerCacheRepository(knex: Knex): LayerCacheRepository {
  return {
    find: async ({ app, service }) => (await knex('layer_caches').where({ app, service })).map(cacheFromRow).at(0),
    addBuild: (place, built) => addBuild(knex, place, built),
    record: (buildId, cache) => record(knex, buildId, cache),
    replace: (place, exported, { exportedWorkMs }) => replace(knex, place, exported, exportedWorkMs),
    list: async (buildId) =>
      (await knex('build_caches').where({ build_id: buildId }).orderBy('service')).map(recordFromRow),
  };
}
