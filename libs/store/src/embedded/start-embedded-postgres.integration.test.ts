import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';
import pg from 'pg';

import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start-embedded-postgres.js';

const FIXTURE = fileURLToPath(new URL('start-embedded-postgres.fixture.js', import.meta.url));
const CLIENT_LIMIT_MS = 20_000;

async function createPaths(t: ExecutionContext): Promise<{ folder: string; socketFolder: string }> {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  return { folder: join(path, 'db'), socketFolder: join(path, 's') };
}

async function start(t: ExecutionContext, options: Partial<EmbeddedPostgresOptions> = {}) {
  const paths = await createPaths(t);
  const database = await startEmbeddedPostgres({ ...paths, ...options });
  t.teardown(database.stop);
  return { ...database, ...paths };
}

/** For tests that leave it as it was. */
const shared = createTemporaryFolder().then(async ({ path, remove }) => {
  const paths = { folder: join(path, 'db'), socketFolder: join(path, 's') };
  const { url, stop } = await startEmbeddedPostgres(paths);
  return { ...paths, url, stop: () => stop().then(remove) };
});
test.after.always(async () => (await shared).stop());

async function connectClient(t: ExecutionContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, query_timeout: CLIENT_LIMIT_MS });
  client.on('error', () => {});
  await client.connect();
  t.teardown(() => client.end().catch(() => {}));
  return client;
}

async function startChild(t: ExecutionContext, paths: { folder: string; socketFolder: string }) {
  const child: ChildProcess = fork(FIXTURE, [paths.folder, paths.socketFolder]);
  const exited = once(child, 'exit');
  t.teardown(() => child.kill('SIGKILL'));
  const [answer] = await once(child, 'message');
  return { answer: String(answer), kill: () => child.kill('SIGKILL') && exited };
}

const countRows = async (table: string, client: pg.Client) =>
  Number((await client.query(`SELECT count(*) FROM ${table}`)).rows[0].count);

test.serial('startEmbeddedPostgres(): kill -9 loses nothing that was acknowledged', async (t) => {
  const paths = await createPaths(t);
  const acknowledged: number[] = [];
  for (let round = 0; round < 2; round++) {
    const child = await startChild(t, paths);
    const client = await connectClient(t, child.answer);
    await client.query('CREATE TABLE IF NOT EXISTS a (n int PRIMARY KEY, filler text)');
    // Killed at a moment that nobody chose: between two writes or in one.
    const write = async () => {
      for (let n = acknowledged.length * 2; ; n++) {
        await client.query('INSERT INTO a VALUES ($1, $2)', [n, 'x'.repeat(500)]);
        acknowledged.push(n);
        if (acknowledged.length === 300 * (round + 1)) void child.kill();
      }
    };
    await t.throwsAsync(write());
    await child.kill();
  }
  const { url, stop } = await startEmbeddedPostgres(paths);
  t.teardown(stop);
  const { rows } = await (await connectClient(t, url)).query('SELECT n FROM a');
  const found = new Set(rows.map(({ n }) => n));
  t.deepEqual(
    acknowledged.filter((n) => !found.has(n)),
    [],
  );
  t.true(acknowledged.length >= 600);
});

test.serial('startEmbeddedPostgres(): a folder in use is refused, by name of the process', async (t) => {
  const { folder, socketFolder } = await shared;
  const child = await startChild(t, { folder, socketFolder: `${socketFolder}2` });
  t.regex(child.answer, new RegExp(`error: Cannot use folder ".*": process ${process.pid} is using it`));
  await t.throwsAsync(startEmbeddedPostgres({ folder, socketFolder }), { message: /is using it/ });
});

test.serial('startEmbeddedPostgres(): what fails to start leaves the folder free', async (t) => {
  const { folder, socketFolder } = await createPaths(t);
  const long = join(socketFolder, 'x'.repeat(100));
  await t.throwsAsync(startEmbeddedPostgres({ folder, socketFolder: long }), {
    instanceOf: RangeError,
    message: /at most 107 bytes/,
  });
  await t.throwsAsync(startEmbeddedPostgres({ folder, socketFolder: '/dev/null/s' }));
  const { stop } = await startEmbeddedPostgres({ folder, socketFolder });
  t.is((await stat(join(socketFolder, '.s.PGSQL.5432'))).mode & 0o777, 0o600);
  t.is((await stat(socketFolder)).mode & 0o777, 0o700);
  await stop();
  await (await startEmbeddedPostgres({ folder, socketFolder })).stop();
});

test.serial('clients: their transactions do not mix, and an error ends nothing but its own', async (t) => {
  const { url } = await shared;
  const clients = await Promise.all([1, 2, 3, 4].map(() => connectClient(t, url)));
  await clients[0]?.query('CREATE TABLE t3 (n int PRIMARY KEY)');
  const work = async (client: pg.Client, index: number) => {
    for (let round = 0; round < 25; round++) {
      await client.query('BEGIN');
      await client.query('INSERT INTO t3 VALUES ($1)', [index * 1000 + round]);
      if (round % 3 === 0) await t.throwsAsync(client.query('INSERT INTO nowhere VALUES ($1)', [round]));
      await client.query(round % 3 === 1 ? 'ROLLBACK' : 'COMMIT');
      await t.throwsAsync(client.query('SELECT $1::int / 0', [1]), { message: /division by zero/ });
      t.is((await client.query('SELECT $1::int AS n', [round])).rows[0].n, round);
    }
  };
  await Promise.all(clients.map(work));
  // Of 25 rounds, 9 failed inside of the transaction and 8 were rolled back.
  t.is(await countRows('t3', await connectClient(t, url)), 4 * 8);
});

test.serial('clients: one that leaves in the middle of a transaction is rolled back', async (t) => {
  const { url } = await shared;
  const [leaver, other] = [await connectClient(t, url), await connectClient(t, url)];
  await other.query('CREATE TABLE t4 (n int)');
  await leaver.query('BEGIN');
  await leaver.query('INSERT INTO t4 VALUES (1)');
  const waiting = countRows('t4', other);
  await leaver.end();
  t.is(await waiting, 0);
});

test.serial('clients: one that is silent in a transaction does not keep the others waiting', async (t) => {
  const { url } = await start(t, { idleInTransactionMs: 300 });
  const [silent, other] = [await connectClient(t, url), await connectClient(t, url)];
  await other.query('CREATE TABLE t5 (n int)');
  await silent.query('BEGIN');
  await silent.query('INSERT INTO t5 VALUES (1)');
  t.is(await countRows('t5', other), 0);
  await t.throwsAsync(silent.query('COMMIT'));
});

test.serial('clients: garbage and half messages harm nobody else', async (t) => {
  const { url, socketFolder } = await shared;
  const bad = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from([0, 0, 0, 4, 0]),
    Buffer.from([0, 0, 0, 8, 4, 210, 22, 46]),
    Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0, 0x51, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0, 0x50, 0, 0]),
    Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0, 0x7a, 0, 0, 0, 4]),
    Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0, 0x42, 0, 0, 0, 4, 0x45, 0, 0, 0, 4, 0x53, 0, 0, 0, 4]),
    Buffer.alloc(0),
  ];
  for (const bytes of bad) {
    const socket = connect(join(socketFolder, '.s.PGSQL.5432'));
    socket.on('error', () => {});
    socket.end(bytes);
    socket.resume();
    await once(socket, 'close');
  }
  t.is((await (await connectClient(t, url)).query('SELECT 1 AS n')).rows[0].n, 1);
});

test.serial('clients: messages of megabytes go in and out', async (t) => {
  const { url } = await shared;
  const client = await connectClient(t, url);
  const bytes = Buffer.alloc(5_000_000, 'abc');
  const { rows } = await client.query('SELECT $1::bytea AS bytes', [bytes]);
  t.true(bytes.equals(rows[0].bytes));
});

test.serial(
  'startEmbeddedPostgres(): a database that breaks down is opened again with all that was committed',
  async (t) => {
    const { url } = await start(t);
    const client = await connectClient(t, url);
    await client.query('CREATE TABLE a (n int)');
    await client.query('INSERT INTO a VALUES (1)');
    await client.query('BEGIN');
    await client.query('INSERT INTO a VALUES (2)');
    await t.throwsAsync(client.query(`SELECT ${'ARRAY['.repeat(3000)}1${']'.repeat(3000)}`));
    t.is(await countRows('a', await connectClient(t, url)), 1);
  },
);
