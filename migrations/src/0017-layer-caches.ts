import type { Knex } from 'knex';

/**
 * What is known of the layers that an app keeps in the registry for workers whose disk is cold, and what each build made of them. The
 * trigger leaves an image that is not the cache any more to be removed, when it was replaced and when the app was deleted.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE layer_caches (
      app text NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      service text NOT NULL,
      digest text NOT NULL DEFAULT '',
      bytes bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0),
      export_ms integer NOT NULL DEFAULT 0 CHECK (export_ms >= 0),
      unexported_ms bigint NOT NULL DEFAULT 0 CHECK (unexported_ms >= 0),
      builds integer NOT NULL DEFAULT 0 CHECK (builds >= 0),
      cold_builds integer NOT NULL DEFAULT 0 CHECK (cold_builds BETWEEN 0 AND builds),
      PRIMARY KEY (app, service)
    );

    CREATE TABLE build_caches (
      build_id text NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
      service text NOT NULL,
      local_steps integer NOT NULL CHECK (local_steps >= 0),
      registry_steps integer NOT NULL CHECK (registry_steps >= 0),
      built_steps integer NOT NULL CHECK (built_steps >= 0),
      import_ms integer NOT NULL DEFAULT 0 CHECK (import_ms >= 0),
      export text NOT NULL CHECK (export IN ('waiting', 'done', 'skipped', 'failed')),
      reason text NOT NULL DEFAULT '',
      export_ms integer NOT NULL DEFAULT 0 CHECK (export_ms >= 0),
      export_bytes bigint NOT NULL DEFAULT 0 CHECK (export_bytes >= 0),
      PRIMARY KEY (build_id, service)
    );
  `);
  await knex.raw(`
    CREATE FUNCTION remove_a_former_cache() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO removals (app, kind, target) VALUES (OLD.app, 'image', OLD.digest) ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$;
    CREATE TRIGGER caches_leave_removals AFTER DELETE ON layer_caches
      FOR EACH ROW WHEN (OLD.digest <> '') EXECUTE FUNCTION remove_a_former_cache();
    CREATE TRIGGER caches_replace_images AFTER UPDATE OF digest ON layer_caches
      FOR EACH ROW WHEN (OLD.digest <> '' AND OLD.digest <> NEW.digest) EXECUTE FUNCTION remove_a_former_cache();
  `);
}
