import { findFreePort } from '@convox-builds/testing';
import test from 'ava';

import { openDatabase } from './database.js';

test('a database that is away is told to whoever asks, and not printed', async (t) => {
  const printed: unknown[] = [];
  const { log } = console;
  console.log = (...words: unknown[]) => void printed.push(words);
  t.teardown(() => {
    console.log = log;
  });
  const knex = openDatabase(`postgres://postgres@127.0.0.1:${await findFreePort()}/postgres`, { poolSize: 1 });
  t.teardown(() => knex.destroy());
  await t.throwsAsync(knex.raw('SELECT 1').then(), { code: 'ECONNREFUSED' });
  t.deepEqual(printed, []);
});
