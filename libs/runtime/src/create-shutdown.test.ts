import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import test from 'ava';

const FIXTURE = fileURLToPath(new URL('create-shutdown.fixture.js', import.meta.url));

async function start(
  way: string,
): Promise<{ child: ChildProcess; end: () => Promise<{ code: number; output: string }> }> {
  const child = fork(FIXTURE, [way], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  // Not `close`: after a disconnect by the parent Node does not report it.
  const ended = Promise.all([once(child, 'exit'), child.stdout === null ? undefined : once(child.stdout, 'end')]);
  await once(child, 'message');
  const end = async () => {
    const [[code]] = (await ended) as [[number], unknown];
    return { code, output };
  };
  return { child, end };
}

test('createShutdown(): closes in reverse order on SIGTERM and exits with 0', async (t) => {
  const { child, end } = await start('clean');
  child.kill('SIGTERM');
  t.deepEqual(await end(), { code: 0, output: 'last first ' });
});

test('createShutdown(): goes on after a closer that fails and exits with 1', async (t) => {
  const { child, end } = await start('fails');
  child.kill('SIGINT');
  t.deepEqual(await end(), { code: 1, output: 'last first ' });
});

test('createShutdown(): closes at the same time what was added together', async (t) => {
  const { child, end } = await start('together');
  child.kill('SIGTERM');
  t.deepEqual(await end(), { code: 0, output: 'last first ' });
});

test('createShutdown(): exits with 1 when closing takes too long', async (t) => {
  const { child, end } = await start('hangs');
  child.kill('SIGTERM');
  t.deepEqual(await end(), { code: 1, output: 'last ' });
});

test('createShutdown(): a process that gives up closes all the same, and exits as it says', async (t) => {
  t.deepEqual(await (await start('gives up')).end(), { code: 1, output: 'last first ' });
});

test('createShutdown(): exits at once on the same signal again', async (t) => {
  const { child, end } = await start('hangs');
  child.stdout?.once('data', () => child.kill('SIGTERM'));
  child.kill('SIGTERM');
  t.is((await end()).code, 143);
});

test('exitWithParent(): stops in order when the parent has closed the channel', async (t) => {
  const { child, end } = await start('clean');
  child.disconnect();
  t.deepEqual(await end(), { code: 0, output: 'last first ' });
});
