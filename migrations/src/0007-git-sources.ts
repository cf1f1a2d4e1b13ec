import type { Knex } from 'knex';

/**
 * Builds of git repositories: what their commits say of themselves; the logins that stood in their addresses, which go when
 * the build ends; logins and keys that are kept for git servers, of one app or (without an app) of the rack; and the keys
 * by which ssh servers are known. Secrets are sealed before they come here.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE builds
      ADD COLUMN git_author text NOT NULL DEFAULT '',
      ADD COLUMN git_subject text NOT NULL DEFAULT '';

    CREATE TABLE build_logins (
      build_id text PRIMARY KEY REFERENCES builds (id) ON DELETE CASCADE,
      sealed text NOT NULL
    );

    CREATE TABLE git_credentials (
      app text REFERENCES apps (name) ON DELETE CASCADE,
      host text NOT NULL,
      kind text NOT NULL CHECK (kind IN ('token', 'ssh-key')),
      username text NOT NULL,
      fingerprint text NOT NULL,
      sealed text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE UNIQUE INDEX git_credentials_one ON git_credentials (host, kind, coalesce(app, ''));

    CREATE TABLE git_host_keys (
      host text NOT NULL,
      key text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (host, key)
    );
  `);
  await knex.raw(`
    CREATE FUNCTION forget_build_login() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM build_logins WHERE build_id = NEW.id;
      RETURN NULL;
    END $$;
    CREATE TRIGGER builds_forget_login AFTER UPDATE OF state ON builds
      FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION forget_build_login();
  `);
}
