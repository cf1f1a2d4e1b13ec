import type { Knex } from 'knex';

/**
 * Repositories in git that are looked at again and again, because nobody tells of their changes; and the servers that did not
 * answer, which are left alone for a while with all of their repositories. Without an app one is of the whole rack.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE polled_repositories (
      id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
      app text REFERENCES apps (name) ON DELETE CASCADE,
      remote text NOT NULL,
      server text NOT NULL,
      known_refs jsonb,
      next_poll_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      polled_at timestamptz,
      failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
      last_error text NOT NULL DEFAULT '',
      owner text NOT NULL DEFAULT '',
      lease_expires_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE UNIQUE INDEX polled_repositories_one ON polled_repositories (remote, coalesce(app, ''));
    CREATE INDEX polled_repositories_by_app ON polled_repositories (app);
    CREATE INDEX polled_repositories_due ON polled_repositories (server, next_poll_at);

    CREATE TABLE silent_git_servers (
      server text PRIMARY KEY,
      failures integer NOT NULL CHECK (failures > 0),
      not_before timestamptz NOT NULL
    );
  `);
}
