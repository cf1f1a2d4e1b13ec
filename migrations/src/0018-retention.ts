import type { Knex } from 'knex';

/**
 * What is to be removed because its build is gone: images and objects. A trigger writes it in the transaction that deletes the build, so
 * that no way of deleting one, or its app, can leave something behind.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE apps ADD COLUMN pruned_at timestamptz NOT NULL DEFAULT '-infinity';

    CREATE TABLE removals (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      app text NOT NULL,
      kind text NOT NULL CHECK (kind IN ('image', 'object')),
      target text NOT NULL,
      tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
      reason text NOT NULL DEFAULT '',
      not_before timestamptz NOT NULL DEFAULT clock_timestamp(),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      UNIQUE (app, kind, target)
    );
    CREATE INDEX removals_due ON removals (not_before, id);
  `);
  await knex.raw(`
    CREATE FUNCTION remove_what_a_build_had() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO removals (app, kind, target)
      SELECT OLD.app, 'image', image.value ->> 'digest' FROM jsonb_each(OLD.images) AS image
      UNION
      SELECT OLD.app, 'object', url FROM unnest(ARRAY[OLD.source, OLD.logs]) AS url
      WHERE starts_with(url, 'object://' || OLD.app || '/')
      ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$;
    CREATE TRIGGER builds_leave_removals AFTER DELETE ON builds FOR EACH ROW EXECUTE FUNCTION remove_what_a_build_had();
  `);
}
