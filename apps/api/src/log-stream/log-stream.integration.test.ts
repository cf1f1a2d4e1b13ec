import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { logChannel } from '@convox-builds/domain';
import type { Claim } from '@convox-builds/store';
import { waitUntil } from '@convox-builds/testing';
import anyTest, { type TestFn } from 'ava';
import { Redis } from 'ioredis';
import { WebSocket } from 'ws';

import { claimTestBuild, createTestBuild } from '../testing/claim-build.js';
import { openLog } from '../testing/read-log.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import { streamBuildLog } from './stream-build-log.js';

const test = anyTest as TestFn<{ api: TestApi; redis: Redis }>;

test.before(async (t) => {
  const api = await startTestApi();
  t.context = { api, redis: new Redis(api.redis.url) };
});
test.after.always(async (t) => {
  t.context.redis?.disconnect();
  await t.context.api?.stop();
});

const logPath = ({ buildId }: Claim, app = 'web') => `/apps/${app}/builds/${buildId}/logs`;

async function append({ api, redis }: { api: TestApi; redis: Redis }, claim: Claim, bytes: Buffer): Promise<void> {
  const seq = await api.store.logs.append(claim, bytes);
  await redis.publish(logChannel(claim.buildId), String(seq));
}

const fail = ({ store }: TestApi, claim: Claim) =>
  store.attempts.fail(claim, { failureClass: 'user', reason: 'exit code 1' });

test('log stream: several readers see every byte once, while it is written', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  const written: Buffer[] = [];
  const readers = [openLog(api.port, logPath(claim))];
  for (let line = 0; line < 300; line++) {
    const bytes = Buffer.from(`line ${line} ✓ 日本語 ${'x'.repeat(line % 50)}\n`);
    written.push(bytes);
    // Cut in the middle of a character now and then.
    const cut = line % 3 === 0 ? bytes.indexOf('✓') + 1 : bytes.length;
    await append(t.context, claim, bytes.subarray(0, cut));
    if (cut < bytes.length) await append(t.context, claim, bytes.subarray(cut));
    if (line % 100 === 50) readers.push(openLog(api.port, logPath(claim)));
  }
  await fail(api, claim);
  for (const reader of readers) {
    const { bytes, isEnded } = await reader.ended;
    t.true(isEnded);
    t.is(bytes.toString(), Buffer.concat(written).toString());
  }
});

test('log stream: a log that is put away while it is read is still whole', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  const part = Buffer.alloc(200_000, 'abcdefghi\n');
  await append(t.context, claim, part);
  const reader = openLog(api.port, logPath(claim));
  await waitUntil(() => reader.seen().bytes.length === part.length, { what: 'the first part has come' });
  // A reader that takes nothing holds the stream in the middle of the table.
  reader.socket.pause();
  for (let count = 0; count < 100; count++) await append(t.context, claim, part);
  await fail(api, claim);
  await api.store.logs.compact(claim.buildId);
  reader.socket.resume();
  const { bytes, isEnded } = await reader.ended;
  t.true(isEnded);
  t.true(bytes.equals(Buffer.concat(Array.from({ length: 101 }, () => part))));
  const again = await openLog(api.port, logPath(claim)).ended;
  t.true(again.bytes.equals(bytes));
});

test('log stream: for a reader that has gone nothing more is read of a log that was put away', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  for (const line of ['first\n', 'second\n', 'third\n']) await append(t.context, claim, Buffer.from(line));
  await fail(api, claim);
  await api.store.logs.compact(claim.buildId);
  const gone = new AbortController();
  const request = { app: 'web', buildId: claim.buildId, offset: 0, isFollowed: true, signal: gone.signal };
  const log = streamBuildLog(api.parts, request);
  t.is((await log.next()).value?.toString(), 'first\n');
  gone.abort(new Error('the reader has gone'));
  await t.throwsAsync(log.next(), { message: 'the reader has gone' });
});

test('log stream: waits for a build that is still queued', async (t) => {
  const { api } = t.context;
  const build = await createTestBuild(api.store, 'web');
  const claim = { buildId: build.id, attempt: 1, worker: 'worker-1' };
  const reader = openLog(api.port, logPath(claim));
  await once(reader.socket, 'open');
  await api.store.attempts.claim(claim, { leaseMs: 60_000 });
  await append(t.context, claim, Buffer.from('started\n'));
  await waitUntil(() => reader.seen().bytes.length > 0, { what: 'the first line has come' });
  t.false(reader.seen().isEnded);
  await fail(api, claim);
  t.is((await reader.ended).bytes.toString(), 'started\n');
});

test('log stream: with Follow: false it ends with what is there', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  await append(t.context, claim, Buffer.from('so far\n'));
  const { bytes, isEnded } = await openLog(api.port, logPath(claim), { Follow: 'false' }).ended;
  t.deepEqual([bytes.toString(), isEnded], ['so far\n', true]);
});

test('log stream: an unknown build is told in the stream', async (t) => {
  const { api } = t.context;
  for (const id of ['BAAAAAAAAAA', '%00', "B'--"]) {
    const { bytes, isEnded } = await openLog(api.port, `/apps/web/builds/${id}/logs`).ended;
    t.deepEqual([bytes.toString(), isEnded], [`ERROR: build not found: ${id}\n`, true]);
  }
  const claim = await claimTestBuild(api.store, 'web');
  const foreign = await openLog(api.port, logPath(claim, 'other')).ended;
  t.is(foreign.bytes.toString(), `ERROR: build not found: ${claim.buildId}\n`);
});

test('log stream: strangers and other paths are refused', async (t) => {
  const { api } = t.context;
  const status = async (path: string, headers: Record<string, string>) => {
    const socket = new WebSocket(`ws://127.0.0.1:${api.port}${path}`, { headers });
    socket.on('error', () => {});
    const [, response] = await once(socket, 'unexpected-response');
    response.resume();
    return response.statusCode;
  };
  const Authorization = `Basic ${Buffer.from('x:correct horse battery').toString('base64')}`;
  t.is(await status('/apps/web/builds/BAAAAAAAAAA/logs', { Authorization: 'Basic eDp5' }), 401);
  t.is(await status('/apps/web/logs', { Authorization }), 404);
  t.is(await status('//', { Authorization }), 404);
  t.is(await status('/apps/web/builds/BAAAAAAAAAA/logs', { Authorization, 'Sec-Fetch-Site': 'cross-site' }), 403);
});

test.serial('log stream: readers that do not read cost no memory', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  const part = Buffer.alloc(256 * 1024, 'flood\n');
  for (let count = 0; count < 160; count++) await api.store.logs.append(claim, part);
  const before = process.memoryUsage().rss;
  const readers = Array.from({ length: 8 }, () => openLog(api.port, logPath(claim)));
  for (const { socket } of readers) socket.once('open', () => socket.pause());
  await Promise.all(readers.map(({ socket }) => once(socket, 'open')));
  // Long enough to read all of it several times over: unbounded, this would be 320 MiB.
  await sleep(1500);
  t.true(process.memoryUsage().rss - before < 160 * 1024 * 1024);
  for (const { socket } of readers) socket.terminate();
  await fail(api, claim);
});

test('log stream: without news from Redis the table is read anyway', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  const reader = openLog(api.port, logPath(claim));
  await once(reader.socket, 'open');
  await api.store.logs.append(claim, Buffer.from('unannounced\n'));
  await waitUntil(() => reader.seen().bytes.length > 0, { what: 'the line has come', timeoutMs: 5000 });
  await fail(api, claim);
  t.true((await reader.ended).isEnded);
});
