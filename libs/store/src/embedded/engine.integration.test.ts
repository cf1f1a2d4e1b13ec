import { join } from 'node:path';

import { createTemporaryFolder } from '@convox-builds/testing';
import test from 'ava';

import { Engine } from './engine.js';

function query(sql: string): Buffer {
  const message = Buffer.alloc(6 + Buffer.byteLength(sql));
  message.write('Q');
  message.writeUInt32BE(message.length - 1, 1);
  message.write(sql, 5);
  return message;
}

/** Runs the database out of stack, and so ends it. */
const DEADLY = query(`SELECT ${'ARRAY['.repeat(3000)}1${']'.repeat(3000)}`);

async function ask(engine: Engine, message: Buffer): Promise<string> {
  const pieces: Buffer[] = [];
  await engine.run(message, (piece) => pieces.push(piece));
  return Buffer.concat(pieces).toString('latin1');
}

test('Engine: what breaks down is opened again with all that was committed', async (t) => {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  const engine = new Engine(join(path, 'db'));
  t.teardown(() => engine.close());
  await ask(engine, query('CREATE TABLE a (n int); INSERT INTO a VALUES (4711)'));
  await ask(engine, query('BEGIN'));
  await ask(engine, query('INSERT INTO a VALUES (4712)'));
  await t.throwsAsync(ask(engine, DEADLY), { message: 'the embedded database broke down and is opened again' });
  const reply = await ask(engine, query('SELECT n FROM a'));
  t.true(reply.includes('4711'));
  t.false(reply.includes('4712'));
});

test('Engine: a folder that cannot be one is an error, each time anew', async (t) => {
  const engine = new Engine('/dev/null/db');
  await t.throwsAsync(engine.greet());
  await t.throwsAsync(ask(engine, query('SELECT 1')));
});

test('Engine: a reply of many pieces comes whole, and says whether a transaction is open', async (t) => {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  const engine = new Engine(join(path, 'db'));
  t.teardown(() => engine.close());
  let count = 0;
  const isIdle = await engine.run(query(`SELECT repeat('ab', 1000000), generate_series(1, 5)`), (piece) => {
    count += piece.toString('latin1').split('ab').length - 1;
  });
  t.true(isIdle);
  t.true(count >= 4_999_000, `${count}`);
  t.false(await engine.run(query('BEGIN'), () => {}));
});
