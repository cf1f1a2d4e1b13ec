import { symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { getInfo, renderBuildkitdConfig } from '@convox-builds/buildkit-client';
import { createLogger } from '@convox-builds/runtime';
import { createTemporaryFolder, findTool, listProcesses, searchPath, waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { superviseBuildkitd } from './supervise-buildkitd.js';

const WITHIN = () => AbortSignal.timeout(30_000);

/** Supervises a real daemon whose program can be taken away. */
async function supervise(t: ExecutionContext, { giveUpAfterMs }: { giveUpAfterMs: number }) {
  const folder = await createTemporaryFolder();
  const binary = join(folder.path, 'buildkitd');
  const install = () => symlink(findTool('buildkitd'), binary);
  await install();
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ name: 'test', destination: { write: (line) => void lines.push(JSON.parse(line)) } });
  let isGivenUp = false;
  const buildkitd = await superviseBuildkitd({
    binary,
    stateFolder: folder.path,
    searchPath: searchPath(),
    configToml: renderBuildkitdConfig({ network: { mode: 'host' }, registries: {} }),
    logger,
    onRestart: () => {},
    onGivenUp: () => {
      isGivenUp = true;
    },
    giveUpAfterMs,
  });
  t.teardown(async () => {
    await buildkitd.stop();
    await folder.remove();
  });
  const kill = async (signal: NodeJS.Signals) => {
    const isDaemon = ({ commandLine }: { commandLine: string }) => commandLine.startsWith(`${binary} --config`);
    for (const { pid } of listProcesses(binary).filter(isDaemon)) process.kill(pid, signal);
    await waitUntil(() => !buildkitd.isUp(), { what: 'it is seen to be down' });
  };
  return { buildkitd, install, remove: () => unlink(binary), kill, lines, isGivenUp: () => isGivenUp };
}

test('superviseBuildkitd(): a daemon that dies is started again, and the log says why it died', async (t) => {
  const { buildkitd, kill, lines } = await supervise(t, { giveUpAfterMs: 60_000 });
  const before = await buildkitd.client(WITHIN());
  // What Go does at the end of its wits, too: it says so in a line, and then all that it was at.
  await kill('SIGQUIT');
  const after = await buildkitd.client(WITHIN());
  t.not(after, before);
  t.regex((await getInfo(after)).version, /^v/);
  t.true(buildkitd.isUp());
  t.like(
    lines.find(({ msg }) => msg === 'buildkitd died, starting it again'),
    { reason: 'SIGQUIT: quit' },
  );
});

test('promise 1: who waits for a daemon that does not come up again can be stopped, and is not kept for ever', async (t) => {
  const { buildkitd, kill, remove, isGivenUp } = await supervise(t, { giveUpAfterMs: 3000 });
  await remove();
  await kill('SIGKILL');
  const cancelled = new AbortController();
  const waiting = buildkitd.client(cancelled.signal);
  cancelled.abort(new Error('cancelled'));
  await t.throwsAsync(waiting, { message: 'cancelled' });
  t.false(isGivenUp());
  await t.throwsAsync(buildkitd.client(WITHIN()), { code: 'unavailable' });
  t.true(isGivenUp());
  t.false(buildkitd.isUp());
});

test('superviseBuildkitd(): stops while the daemon is being started again', async (t) => {
  const { buildkitd, kill, remove, isGivenUp } = await supervise(t, { giveUpAfterMs: 60_000 });
  await remove();
  await kill('SIGKILL');
  const waiting = buildkitd.client(WITHIN());
  await Promise.all([buildkitd.stop(), t.throwsAsync(waiting, { message: 'The worker stops' })]);
  t.false(isGivenUp());
});
