import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

import { findFreePort, preparePostgres } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { openDatabase } from './database.js';
import { isDatabaseAway } from './database-error.js';

/** A way to a Postgres on which, from some time on, nothing comes or goes any more: a database that failed over says no goodbye. */
async function openWay(t: ExecutionContext): Promise<{ url: string; silence: () => void; cut: () => void }> {
  const port = await findFreePort();
  const postgres = await preparePostgres({ port });
  const service = await postgres.start();
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) sockets.add(socket.on('error', () => {}));
    client.pipe(server).pipe(client);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy();
    listener.close();
    await service.stop('SIGQUIT');
    await postgres.remove();
  });
  const address = listener.address();
  const wayIn = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: postgres.url.replace(String(port), String(wayIn)),
    silence: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

test('a connection that has fallen silent for ever is replaced, in and outside of transactions', async (t) => {
  const { url, silence } = await openWay(t);
  const knex = openDatabase(url, { poolSize: 1, queryTimeoutMs: 500 });
  t.teardown(() => knex.destroy());
  await knex.raw('SELECT 1');
  silence();
  const [first, second] = await Promise.allSettled([knex.raw('SELECT 1'), knex.raw('SELECT 2 AS two')]);
  t.is(first.status === 'rejected' && first.reason.message, 'Query read timeout');
  t.is(second.status, 'fulfilled', 'it waited for the connection');
  silence();
  const cut = await t.throwsAsync(knex.transaction(async (transaction) => transaction.raw('SELECT 1')));
  t.true(isDatabaseAway(cut), cut.message);
  await knex.raw('SELECT 1');
});

test('promise 7: an error says nothing of the statement, whatever is in it', async (t) => {
  const { url, silence, cut } = await openWay(t);
  const knex = openDatabase(url, { poolSize: 1, queryTimeoutMs: 1000 });
  t.teardown(() => knex.destroy());
  await knex.raw(`CREATE TABLE kept (environment text CHECK (environment <> 'x' AND length(environment) < 30))`);
  const insert = (environment: string) => knex('kept').insert({ environment });
  const assertSilent = async (inserted: PromiseLike<unknown>, message: RegExp) => {
    const error = await t.throwsAsync(async () => inserted, { message });
    t.notRegex(JSON.stringify([error.message, error.stack, { ...error }]), /canary|insert into/);
    return error;
  };
  await assertSilent(insert(`DB_PASSWORD=canary ${'x'.repeat(30)}`), /^new row for relation "kept" violates check/);
  await assertSilent(
    knex.raw(`SELECT pg_sleep(5), ? AS canary`, ['canary']),
    /^canceling statement due to statement timeout/,
  );
  const dropped = assertSilent(knex.raw('SELECT pg_sleep(5), ?', ['canary']), /^Connection terminated/);
  setTimeout(cut, 200);
  t.true(isDatabaseAway(await dropped), 'it passes');
  await knex.raw('SELECT 1');
  silence();
  t.true(isDatabaseAway(await assertSilent(insert('DB_PASSWORD=canary'), /^Query read timeout$/)));
});
