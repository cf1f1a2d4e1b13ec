import { findFreePort } from '@convox-builds/testing';
import test from 'ava';

import { openDatabase } from './database.js';

test('a database that is away is told to whoever asks, and not printed', async (t) => {
  const printed: unknown[] = [];
  const { write } = process.stdout;
  process.stdout.write = (text: unknown) => printed.push(text) > 0;
  t.teardown(() => {
    process.stdout.write = write;
  });
  const knex = openDatabase(`postgres://postgres@127.0.0.1:${await findFreePort()}/postgres`, { poolSize: 1 });
  t.teardown(() => knex.destroy());
  await t.throwsAsync(async () => knex.raw('SELECT 1'), { code: 'ECONNREFUSED' });
  t.deepEqual(printed, []);
});
