import type { Knex } from 'knex';

/** The database refuses a release that says a build has made it which has not. At the end of a transaction, since both are written in one. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE FUNCTION refuse_release_nobody_made() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM builds
        WHERE id = NEW.build_id AND NOT (options ->> 'external')::boolean AND (state <> 'complete' OR release_id <> NEW.id)
      ) THEN
        RAISE EXCEPTION 'release %: build % has not made it', NEW.id, NEW.build_id;
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER releases_made_by_complete_builds AFTER INSERT ON releases
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.is_made_by_build)
      EXECUTE FUNCTION refuse_release_nobody_made();
  `);
}
