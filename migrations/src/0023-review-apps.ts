import type { Knex } from 'knex';

/**
 * Apps of pull requests: which app is of which, and which pull requests are open. An app whose pull request, workflow or target is
 * gone has nothing to be there for: that follows from these rows, so that nobody has to remember to remove it. Webhooks come in any
 * order, so a pull request is as the change says that its forge made last. Who deploys apps is told of those that are deleted.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE workflows ADD COLUMN review_apps boolean NOT NULL DEFAULT false CHECK (kind = 'review' OR NOT review_apps);

    CREATE TABLE pull_requests (
      hook_id text NOT NULL REFERENCES workflow_hooks (id) ON DELETE CASCADE,
      number integer NOT NULL CHECK (number > 0),
      is_open boolean NOT NULL,
      changed_at timestamptz,
      PRIMARY KEY (hook_id, number)
    );

    CREATE TABLE review_apps (
      app text PRIMARY KEY REFERENCES apps (name) ON DELETE CASCADE,
      of_app text REFERENCES apps (name) ON DELETE SET NULL,
      workflow_id text REFERENCES workflows (id) ON DELETE SET NULL,
      number integer NOT NULL CHECK (number > 0)
    );
    CREATE INDEX review_apps_by_target ON review_apps (of_app);
    CREATE INDEX review_apps_by_workflow ON review_apps (workflow_id);
  `);
  await knex.raw(`
    CREATE FUNCTION announce_deleted_app() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM announce('app:delete', OLD.name, OLD.name, 'success', jsonb_build_object('app', OLD.name));
      RETURN NULL;
    END $$;
    CREATE TRIGGER apps_announce_deleted AFTER DELETE ON apps FOR EACH ROW EXECUTE FUNCTION announce_deleted_app();
  `);
}
