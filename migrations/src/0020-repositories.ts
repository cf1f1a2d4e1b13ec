import type { Knex } from 'knex';

/** The repository of a deleted app is to be removed, too: a registry such as ECR keeps it, and keeps what is in it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE removals DROP CONSTRAINT removals_kind_check;
    ALTER TABLE removals ADD CONSTRAINT removals_kind_check CHECK (kind IN ('image', 'object', 'repository'));

    CREATE FUNCTION remove_the_repository_of_an_app() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO removals (app, kind, target) VALUES (OLD.name, 'repository', OLD.name) ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$;
    CREATE TRIGGER apps_leave_removals AFTER DELETE ON apps
      FOR EACH ROW EXECUTE FUNCTION remove_the_repository_of_an_app();
  `);
}
