import { parseGitUrl } from '@convox-builds/domain';
import { listRemoteRefs } from '@convox-builds/git-source';
import { createLogger } from '@convox-builds/runtime';
import {
  createGitRepository,
  createTemporaryFolder,
  searchPath,
  startGitServer,
  type TestGitRepository,
  waitUntil,
} from '@convox-builds/testing';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';

import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { RefChange } from './find-ref-changes.js';
import { type PollerParts, startPoller } from './poller.js';

const test = anyTest as TestFn<{ api: TestApi }>;
const TIMEOUT_MS = 20_000;

test.before(async (t) => {
  t.context.api = await startTestApi();
});
test.after.always((t) => t.context.api?.stop());

const list: PollerParts['list'] = ({ remote }, signal) =>
  listRemoteRefs(
    { source: parseGitUrl(remote).source, findAccess: async () => ({ hostKeys: [] }), signal },
    { openNetworks: ['127.0.0.0/8'], ownServices: [], searchPath: searchPath(), timeoutMs: TIMEOUT_MS },
  );

/** Repositories on a server of their own that replicas poll ten times a second. */
async function start(t: ExecutionContext<{ api: TestApi }>, names: readonly string[]) {
  const { store } = t.context.api;
  const folder = await createTemporaryFolder();
  const server = await startGitServer({ folder: folder.path });
  const host = `127.0.0.1:${server.port}`;
  const remoteOf = (name: string) => `${server.url}/${name}.git`;
  const repositories = new Map<string, TestGitRepository>();
  const ids: string[] = [];
  for (const name of names) {
    repositories.set(name, await createGitRepository(folder.path, name));
    ids.push(await store.polledRepositories.add({ app: undefined, remote: remoteOf(name), server: host }));
  }
  const changes: (RefChange & { remote: string })[] = [];
  const run = (options: Partial<PollerParts> = {}) => {
    const poller = startPoller({
      ...{ store, logger: createLogger({ name: 'test', level: 'silent' }), everyMs: 100, timeoutMs: TIMEOUT_MS, list },
      onChange: async ({ remote }, change) => void changes.push({ ...change, remote }),
      ...options,
    });
    t.teardown(poller.close);
    return poller;
  };
  const rows = async () =>
    (await store.polledRepositories.list(undefined)).filter(({ remote }) => remote.startsWith(server.url));
  const looked = () => waitUntil(async () => (await rows()).every(({ polledAt }) => polledAt !== undefined));
  t.teardown(async () => {
    for (const id of ids) await store.polledRepositories.remove(id);
    await server.stop();
    await folder.remove();
  });
  return { repositories, server, host, changes, run, rows, looked, remoteOf };
}

test.serial('startPoller() tells of what has changed since the first look, once, from two replicas', async (t) => {
  const { repositories, changes, run, looked, remoteOf } = await start(t, ['one', 'two']);
  const [one, two] = [repositories.get('one'), repositories.get('two')];
  if (one === undefined || two === undefined) return t.fail();
  const before = await one.commit({ a: '1' });
  run();
  run();
  await looked();
  t.deepEqual(changes, []);
  const after = await one.commit({ a: '2' });
  const first = await two.commit({ a: '1' }, { branch: 'new' });
  await waitUntil(() => changes.length >= 2, { what: 'changes are told' });
  await two.git('push', '--quiet', 'origin', ':new');
  await waitUntil(() => changes.length >= 3, { what: 'what is gone is told' });
  const told = changes.toSorted((a, b) => a.remote.localeCompare(b.remote));
  t.deepEqual(told, [
    { remote: remoteOf('one'), ref: 'refs/heads/main', before, after },
    { remote: remoteOf('two'), ref: 'refs/heads/new', before: undefined, after: first },
    { remote: remoteOf('two'), ref: 'refs/heads/new', before: first, after: undefined },
  ]);
});

test.serial('startPoller() tells of a change again that could not be told', async (t) => {
  const { repositories, run, looked, rows } = await start(t, ['again']);
  const repository = repositories.get('again');
  await repository?.commit({ a: '1' });
  const told: string[] = [];
  run({
    onChange: async (_poll, { after = '' }) => {
      told.push(after);
      if (told.length === 1) throw new Error('the database is away');
    },
  });
  await looked();
  const id = await repository?.commit({ a: '2' });
  await waitUntil(() => told.length === 2, { what: 'it is told twice' });
  t.deepEqual(told, [id, id]);
  await waitUntil(async () => (await rows())[0]?.failures === 0);
});

test.serial(
  'startPoller() leaves a server alone that does not answer, and no other repository for its own fault',
  async (t) => {
    const { server, host, run, rows, remoteOf } = await start(t, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    server.fail(({ path }) => (path.startsWith('/h.git') ? { status: 404 } : undefined));
    const poller = run();
    await waitUntil(async () => (await rows()).filter(({ polledAt }) => polledAt !== undefined).length === 7);
    await waitUntil(async () => (await rows()).some(({ failures }) => failures > 0));
    const missing = (await rows()).find(({ failures }) => failures > 0);
    t.is(missing?.remote, remoteOf('h'));
    t.is(missing?.lastError, `there is no such repository on ${host}, or it is not shown without a login`);
    server.fail(() => ({ status: 503 }));
    await waitUntil(async () => (await rows()).some(({ lastError }) => lastError.includes('status 503')));
    await poller.close();
    await waitUntil(async () => (await rows()).some(({ nextPollAt }) => nextPollAt < new Date()));
    const claimed = await t.context.api.store.polledRepositories.claim({
      ...{ owner: 'test', leaseMs: 1, limit: 100, perServer: 100 },
    });
    t.deepEqual(claimed, []);
  },
);
