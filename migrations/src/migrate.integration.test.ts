import { startPostgres } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';
import knex, { type Knex } from 'knex';

import { migrate } from './migrate.js';

async function openDatabase(t: ExecutionContext): Promise<() => Knex> {
  const postgres = await startPostgres();
  const opened: Knex[] = [];
  t.teardown(async () => {
    await Promise.all(opened.map((database) => database.destroy()));
    await postgres.stop();
  });
  return () => {
    const database = knex({ client: 'pg', connection: postgres.url });
    opened.push(database);
    return database;
  };
}

test('migrate() makes the schema once, also when many start together', async (t) => {
  const open = await openDatabase(t);
  const runs = await Promise.all(Array.from({ length: 5 }, () => migrate(open())));
  t.is(runs.filter((steps) => steps.length > 0).length, 1);
  t.deepEqual(await migrate(open()), []);
  t.true(await open().schema.hasTable('builds'));
});

test('migrate() that fails leaves everything as it was', async (t) => {
  const database = (await openDatabase(t))();
  // In the way of a later step.
  await database.raw('CREATE TABLE compacted_logs (a int)');
  await t.throwsAsync(migrate(database), { message: /compacted_logs/ });
  t.false(await database.schema.hasTable('builds'));
  await database.raw('DROP TABLE compacted_logs');
  t.true((await migrate(database)).length > 0);
});

test('the schema refuses what may never be', async (t) => {
  const database = (await openDatabase(t))();
  await migrate(database);
  await database('apps').insert({ name: 'web', generation: '2', source_key: 'x' });
  const row = { app: 'web', description: '', git_sha: '', source: '', options: '{"external":false}' };
  const insert = (id: string, state: string, more: object = {}) =>
    database('builds').insert({ ...row, id, state, ...more });
  await t.throwsAsync(insert('B1', 'nonsense'));
  await t.throwsAsync(insert('B2', 'complete', { ended_at: new Date() }), { message: /check constraint/ });
  await t.throwsAsync(insert('B3', 'running'), { message: /check constraint/ });
  await insert('B4', 'queued');
  await database('builds').where({ id: 'B4' }).update({ state: 'failed', ended_at: new Date() });
  const revive = database('builds').where({ id: 'B4' }).update({ state: 'queued', ended_at: null });
  await t.throwsAsync(revive, { message: /build B4 is failed and stays so/ });
  const release = { app: 'web', build_id: 'B4', is_made_by_build: true };
  const insertRelease = (on: Knex, id: string) => on('releases').insert({ ...release, id });
  await t.throwsAsync(insertRelease(database, 'R1'), { message: /build B4 has not made it/ });
  // What a release says of its build is looked at when the transaction ends.
  const two = database.transaction(async (transaction) => {
    await insertRelease(transaction, 'R1');
    await insertRelease(transaction, 'R2');
  });
  await t.throwsAsync(two, { message: /releases_one_by_build/ });

  const external = { options: '{"external":true}' };
  const take = (id: string, source: string) =>
    database('builds').where({ id }).update({ state: 'queued', source, options: '{"external":false}' });
  await insert('B5', 'created', external);
  await t.throwsAsync(take('B5', 'object://web/x'), { message: /what it is made of stays/ });
  t.is(await take('B5', 'image://busybox'), 1);
  await t.throwsAsync(take('B5', 'image://redis'), { message: /what it is made of stays/ });
  await insert('B6', 'created', { ...external, images: '{"web":{}}' });
  await t.throwsAsync(take('B6', 'image://busybox'), { message: /what it is made of stays/ });
});
