import { createTemporaryFolder, findFreePort, listProcesses, waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { createSource } from './testing/create-source.js';
import { killPart } from './testing/kill-part.js';
import { type RunningCommand, spawnRack, startTestRack, type TestRack } from './testing/start-test-rack.js';

interface WireBuild {
  readonly id: string;
  readonly state: string;
  readonly release: string;
  /** The worker's process. */
  readonly process: string;
}

interface WireRelease {
  readonly id: string;
  readonly build: string;
}

const SLOW = 'FROM busybox\nRUN echo begun; for i in 1 2 3 4 5 6; do sleep 1; echo tick $i; done; echo finished\n';

/** Starts a build that takes some seconds, and waits until its step runs. */
async function startSlowBuild(t: ExecutionContext, rack: TestRack): Promise<RunningCommand> {
  await rack.convox(['apps', 'create', 'slow']);
  const build = rack.start(['build', '--app', 'slow'], await createSource(t, { Dockerfile: SLOW }));
  await waitUntil(() => build.output().includes('tick 1'), { what: 'the step runs' });
  return build;
}

/** The only build is complete, the only release is its own, and its log is whole. */
async function assertOneRelease(t: ExecutionContext, rack: TestRack): Promise<string> {
  const [build, ...others] = await rack.json<WireBuild[]>('builds', '--app', 'slow');
  t.is(others.length, 0);
  t.is(build?.state, 'complete');
  const releases = await rack.json<WireRelease[]>('releases', '--app', 'slow');
  t.deepEqual(
    releases.map(({ id, build: madeBy }) => [id, madeBy]),
    [[build?.release ?? '', build?.id ?? '']],
  );
  const { stdout } = await rack.convox(['builds', 'logs', build?.id ?? '', '--app', 'slow']);
  t.regex(stdout, /finished[\s\S]*pushed sha256:/);
  return stdout;
}

test('a worker that is killed: the build is taken up again, once released, and its log goes on', async (t) => {
  const rack = await startTestRack();
  t.teardown(rack.stop);
  const build = await startSlowBuild(t, rack);
  killPart(rack.folder, 'worker');
  const { code, stdout } = await build.ended;
  t.is(code, 0, stdout);
  const log = await assertOneRelease(t, rack);
  t.regex(log, /tick 1[\s\S]*The worker was lost: this build goes back to the queue[\s\S]*begun/);
  t.true(stdout.includes(log), 'what was streamed is what is stored');
});

test('a build daemon that is killed: the build is tried again on a new one, and its record says why', async (t) => {
  const rack = await startTestRack();
  t.teardown(rack.stop);
  const build = await startSlowBuild(t, rack);
  killPart(rack.folder, 'buildkitd');
  const { code, stdout } = await build.ended;
  t.is(code, 0, stdout);
  t.regex(stdout, /ERROR: the build daemon failed: .*\nIt is not the build's fault: trying again in \d s/);
  await assertOneRelease(t, rack);
  const [{ id } = { id: '' }] = await rack.json<WireBuild[]>('builds', '--app', 'slow');
  const { attempts } = await rack.json<{ attempts: object[] }>('builds', 'info', id, '--app', 'slow');
  t.like(attempts, [
    { attempt: 1, outcome: 'queued', failure: 'platform' },
    { attempt: 2, outcome: 'complete', failure: '' },
  ]);
});

test('two workers: a build whose daemon dies goes to the other one, and both take their share', async (t) => {
  const rack = await startTestRack({ workers: 2 });
  t.teardown(rack.stop);
  const build = await startSlowBuild(t, rack);
  const [{ id, process: owner } = { id: '', process: '' }] = await rack.json<WireBuild[]>('builds', '--app', 'slow');
  killPart(rack.folder, 'buildkitd');
  t.is((await build.ended).code, 0);
  const { process: next } = await rack.json<WireBuild>('builds', 'info', id, '--app', 'slow');
  t.not(next.split('/')[0], owner.split('/')[0], 'another worker has built it');
  await rack.convox(['apps', 'create', 'many']);
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nRUN sleep 2\n' });
  const builds = await Promise.all([1, 2, 3, 4, 5, 6].map(() => rack.convox(['build', '--app', 'many'], source)));
  t.true(builds.every(({ code }) => code === 0));
  const owners = (await rack.json<WireBuild[]>('builds', '--app', 'many')).map((one) => one.process);
  t.is(new Set(owners).size, 2);
});

test('an api that is killed: the build goes on and the client finds it again', async (t) => {
  const rack = await startTestRack();
  t.teardown(rack.stop);
  const build = await startSlowBuild(t, rack);
  killPart(rack.folder, 'api');
  const { code, stdout } = await build.ended;
  t.is(code, 0, stdout);
  t.notRegex(await assertOneRelease(t, rack), /lost/);
});

test('a rack that is killed: nothing outlives it, and the next start takes everything up', async (t) => {
  const { path: folder, remove } = await createTemporaryFolder();
  t.teardown(remove);
  const killed = await startTestRack({ folder });
  const build = await startSlowBuild(t, killed);
  await killed.service.stop('SIGKILL');
  await waitUntil(() => listProcesses(folder).every(({ commandLine }) => commandLine.includes('convox.js')), {
    what: 'everything has ended',
  });
  const rack = await startTestRack({ folder });
  t.teardown(rack.stop);
  await waitUntil(async () => (await rack.json<WireBuild[]>('builds', '--app', 'slow'))[0]?.state === 'complete', {
    what: 'the build is complete',
  });
  await assertOneRelease(t, rack);
  build.stop();
  await build.ended;
});

test('Ctrl-C stops every part', async (t) => {
  const rack = await startTestRack();
  t.true(listProcesses(rack.folder).length >= 5);
  await rack.stop();
  t.deepEqual(listProcesses(rack.folder), []);
});

async function startInVain(folder: string, port?: number): Promise<string> {
  const service = await spawnRack(folder, port === undefined ? {} : { port });
  await waitUntil(() => service.output().includes('ERROR'), { what: 'the rack gives up' });
  await service.stop();
  return service.output();
}

test('a folder that another rack has is refused by name, and that rack is not disturbed', async (t) => {
  const rack = await startTestRack();
  t.teardown(rack.stop);
  t.regex(
    await startInVain(rack.folder),
    /^ERROR: Cannot use folder .*: process \d+ is using it; stop that first.*\n$/,
  );
  t.is((await rack.convox(['apps'])).code, 0);
});

test('a port that is taken is no obstacle: the next free one is used', async (t) => {
  const port = await findFreePort();
  const one = await startTestRack({ port });
  t.teardown(one.stop);
  const other = await startTestRack({ port });
  t.teardown(other.stop);
  t.not(one.url, other.url);
  t.is((await other.convox(['apps'])).code, 0);
});

test('a command line that makes no sense is one line', async (t) => {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  t.regex(await startInVain(path, 99_999), /^ERROR: Cannot use port "99999": expected 1 to 65535\n$/);
});
