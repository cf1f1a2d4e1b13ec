import { symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { createLogger } from '@convox-builds/runtime';
import { createTemporaryFolder, listProcesses, waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { startChild } from './start-child.js';

test('startChild(): a restart that fails is tried again, and does not keep it from stopping', async (t) => {
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const command = join(folder.path, 'node');
  const install = () => symlink(process.execPath, command);
  await install();
  const lines: { msg: string; err?: { message: string } }[] = [];
  const logger = createLogger({ name: 'test', destination: { write: (line) => void lines.push(JSON.parse(line)) } });
  const child = await startChild({
    name: 'part',
    command,
    args: ['--eval', 'setInterval(() => {}, 1000)'],
    environment: {},
    waitUntilReady: async () => {},
    stopWithinMs: 10_000,
    isOurs: true,
    logger,
  });
  const running = () => listProcesses(command);
  const isAway = () => lines.filter(({ err }) => err?.message.includes('ENOENT') === true).length;
  const kill = async () => {
    await unlink(command);
    for (const { pid } of running()) process.kill(pid, 'SIGKILL');
  };
  await kill();
  await waitUntil(() => isAway() > 0, { what: 'a restart has failed' });
  await install();
  await waitUntil(() => running().length === 1, { what: 'it runs again' });
  await kill();
  const failures = isAway();
  await waitUntil(() => isAway() > failures, { what: 'a restart has failed again' });
  await child.stop();
  t.deepEqual(running(), []);
});
