import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { findFreePort, preparePostgres, startPostgres, waitUntil } from '@convox-builds/testing';
import test from 'ava';

const MAIN = fileURLToPath(new URL('migrate.js', import.meta.url));

function startMigrate(databaseUrl: string) {
  const child = spawn(process.execPath, [MAIN], { env: { DATABASE_URL: databaseUrl } });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return { output: () => output, exited: once(child, 'exit').then(([code]) => code as number) };
}

test('migrate: waits for a database that is still being started', async (t) => {
  const postgres = await preparePostgres({ port: await findFreePort() });
  t.teardown(postgres.remove);
  const { output, exited } = startMigrate(postgres.url);
  await waitUntil(() => output().includes('The database is not there yet'), { what: 'it waits' });
  const service = await postgres.start();
  t.teardown(() => service.stop('SIGQUIT'));
  t.is(await exited, 0, output());
  t.regex(output(), /"The schema is up to date"/);
});

test('migrate: says at once what the database refuses, and tries it once', async (t) => {
  const postgres = await startPostgres();
  t.teardown(postgres.stop);
  const unknown = postgres.url.replace('/postgres?', '/nowhere?');
  const { output, exited } = startMigrate(unknown);
  t.is(await exited, 1);
  t.regex(output(), /database \\"nowhere\\" does not exist/);
  t.notRegex(output(), /not there yet/);
});
