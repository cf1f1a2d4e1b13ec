import { startPostgres } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';
import knex, { type Knex } from 'knex';

import { migrations } from './migrate.js';

interface Column {
  /** Its table and its name. */
  readonly column: string;
  readonly type: string;
  /** Whether a row can be inserted by code that does not know it. */
  readonly isOptional: boolean;
}

const COLUMNS = `
  SELECT table_name || '.' || column_name AS column, data_type AS type,
    is_nullable = 'YES' OR column_default IS NOT NULL OR is_identity = 'YES' OR is_generated = 'ALWAYS' AS "isOptional"
  FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`;

async function openDatabase(t: ExecutionContext): Promise<Knex> {
  const postgres = await startPostgres();
  const database = knex({ client: 'pg', connection: postgres.url });
  t.teardown(async () => {
    await database.destroy();
    await postgres.stop();
  });
  return database;
}

async function readColumns(database: Knex): Promise<ReadonlyMap<string, Column>> {
  const { rows } = await database.raw<{ rows: Column[] }>(COLUMNS);
  return new Map(rows.map((column) => [column.column, column]));
}

const tableOf = ({ column }: Column) => column.split('.')[0] ?? '';

/** What a step does that code from before it cannot live with. */
function findBreaks(before: ReadonlyMap<string, Column>, after: ReadonlyMap<string, Column>): string[] {
  const knownTables = new Set([...before.values()].map(tableOf));
  const lost = [...before.values()].flatMap(({ column, type }) => {
    const now = after.get(column);
    if (now === undefined) return [`${column} is gone`];
    return now.type === type ? [] : [`${column} was ${type} and is ${now.type}`];
  });
  const demanded = [...after.values()].filter(
    (column) =>
      knownTables.has(tableOf(column)) && !column.isOptional && (before.get(column.column)?.isOptional ?? true),
  );
  return [...lost, ...demanded.map(({ column }) => `${column} has to be written`)];
}

test('code of the version before works on the schema of each step: nothing is taken away, and nothing new is demanded', async (t) => {
  const database = await openDatabase(t);
  let before = await readColumns(database);
  for (const { name, up } of migrations) {
    await database.transaction((transaction) => up(transaction));
    const after = await readColumns(database);
    t.deepEqual(findBreaks(before, after), [], name);
    before = after;
  }
  await database.raw('ALTER TABLE apps DROP COLUMN generation, ADD COLUMN owner text NOT NULL');
  const breaks = findBreaks(before, await readColumns(database));
  t.deepEqual(breaks, ['apps.generation is gone', 'apps.owner has to be written'], 'the rule bites');
});
