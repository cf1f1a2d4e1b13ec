import type { Knex } from 'knex';

/** What the builds of an app take. */
export interface AppUsage {
  readonly builds: number;
  readonly releases: number;
  /** Bytes of logs, as they are read. */
  readonly logBytes: number;
  /** The digests of all images, each once. */
  readonly images: readonly string[];
}

interface CountRow {
  readonly builds: number;
  readonly releases: number;
  readonly chunks: string;
  readonly compacted: string;
  readonly images: string[];
}

const MEASURE = `
  SELECT
    (SELECT count(*)::integer FROM builds WHERE app = :app) AS builds,
    (SELECT count(*)::integer FROM releases WHERE app = :app) AS releases,
    (SELECT coalesce(sum(octet_length(bytes)), 0) FROM log_chunks JOIN builds ON builds.id = build_id WHERE app = :app) AS chunks,
    (SELECT coalesce(sum(size), 0) FROM compacted_logs JOIN builds ON builds.id = build_id, unnest(chunk_sizes) AS size
      WHERE app = :app) AS compacted,
    ARRAY(SELECT DISTINCT image.value ->> 'digest' FROM builds, jsonb_each(images) AS image WHERE app = :app) AS images`;

/** Measures what the builds of an app take. */
export async function measureApp(knex: Knex, app: string): Promise<AppUsage> {
  const { rows } = await knex.raw<{ rows: CountRow[] }>(MEASURE, { app });
  const { builds = 0, releases = 0, chunks = '0', compacted = '0', images = [] } = rows[0] ?? {};
  return { builds, releases, logBytes: Number(chunks) + Number(compacted), images };
}
