import type { Knex } from 'knex';

/**
 * The index is that of migration 0025. All of them are wanted where one is enough: else Postgres reads builds one by one, because
 * it believes that one comes up soon.
 */
const HAS_IMAGE = `
  WITH same AS MATERIALIZED (
    SELECT FROM builds
    WHERE app = :app AND images <> '{}' AND jsonb_path_query_array(images, '$.*.digest') @> jsonb_build_array(:digest::text)
  )
  SELECT EXISTS (SELECT FROM same) AS "isThere"`;

/** Tells whether a build of an app has an image of this digest, as one of its services. */
export async function hasImage(knex: Knex, app: string, digest: string): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { isThere: boolean }[] }>(HAS_IMAGE, { app, digest });
  return rows[0]?.isThere === true;
}
