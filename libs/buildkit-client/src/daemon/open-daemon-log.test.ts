import { execFileSync, spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { createTemporaryFolder, waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { type DaemonLogOptions, openDaemonLog } from './open-daemon-log.js';

async function prepare(t: ExecutionContext) {
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const file = join(folder.path, 'daemon.log');
  const open = async (options?: DaemonLogOptions) => {
    const log = await openDaemonLog(file, options);
    t.teardown(log.close);
    return log;
  };
  const say = (log: { fd: number }, text: string) =>
    execFileSync('cat', { input: text, stdio: ['pipe', log.fd, 'inherit'] });
  return { file, open, say };
}

test('openDaemonLog(): keeps what the runs before said, and finds why the last one ended', async (t) => {
  const { file, open, say } = await prepare(t);
  const first = await open();
  say(first, 'hello\npanic: runtime error: no map\n\ngoroutine 1 [running]:\nmain.main()\n');
  t.is(await first.findReason(), 'panic: runtime error: no map');
  const second = await open();
  say(second, 'hello again\n');
  t.is(await second.findReason(), undefined);
  t.is(await second.lastLines(), 'hello again');
  say(second, 'buildkitd: no space left on device\nmain.go:1\n');
  t.is(await second.findReason(), 'buildkitd: no space left on device');
  t.regex(await readFile(file, 'utf8'), /^hello\npanic/);
});

test('openDaemonLog(): one that is too large begins anew, also while it is written, and the last one is kept', async (t) => {
  const { file, open, say } = await prepare(t);
  const log = await open({ maxBytes: 1000, lookEveryMs: 20 });
  const daemon = spawn('sh', ['-c', 'while sleep 0.01; do echo "what a daemon says all the time"; done'], {
    stdio: ['ignore', log.fd, 'inherit'],
  });
  t.teardown(() => daemon.kill());
  const sizeOf = async (path: string) => (await stat(path).catch(() => ({ size: 0 }))).size;
  await waitUntil(async () => (await sizeOf(`${file}.1`)) > 1000, { what: 'it is put away' });
  const hasBegun = (size: number) => size > 0 && size < 500;
  await waitUntil(async () => hasBegun(await sizeOf(file)), { what: 'it begins anew' });
  daemon.kill();
  t.regex(await readFile(file, 'utf8'), /^what/, 'there is no hole in it');
  say(log, 'panic: at last\n');
  t.is(await log.findReason(), 'panic: at last');
});
