import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { logChannel } from '@convox-builds/domain';
import type { Claim } from '@convox-builds/store';
import anyTest, { type TestFn } from 'ava';
import { Redis } from 'ioredis';
import { WebSocket } from 'ws';

import { claimTestBuild } from '../testing/claim-build.js';
import { openLog } from '../testing/read-log.js';
import { bytesOfEvent, openAnswer, openLogEvents, readEvents } from '../testing/read-log-events.js';
import { AUTHORIZATION, startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi; redis: Redis }>;

test.before(async (t) => {
  const api = await startTestApi();
  t.context = { api, redis: new Redis(api.redis.url) };
});
test.after.always(async (t) => {
  t.context.redis?.disconnect();
  await t.context.api?.stop();
});

const logPath = ({ buildId }: Claim) => `/apps/web/builds/${buildId}/logs`;

const fail = ({ store }: TestApi, claim: Claim) =>
  store.attempts.fail(claim, { failureClass: 'user', reason: 'exit code 1' });

/** Park and Miller's numbers: a test that fails fails again. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

interface Reading {
  readonly bytes: Buffer;
  readonly connections: number;
}

/** Reads by WebSocket as the command does: each connection begins where the bytes of the last one ended. */
async function readBySocket(port: number, path: string, random: (below: number) => number): Promise<Reading> {
  const pieces: Buffer[] = [];
  for (let offset = 0, connections = 1; ; connections++) {
    const reader = openLog(port, `${path}?offset=${offset}`);
    const patience = random(8);
    let frames = 0;
    reader.socket.on('message', () => ++frames > patience && reader.socket.terminate());
    const timer = setTimeout(() => reader.socket.terminate(), 50 + random(500));
    // A connection that is broken off before it stands is an error, too.
    const { bytes, isEnded } = await reader.ended.catch(() => reader.seen());
    clearTimeout(timer);
    pieces.push(bytes);
    offset += bytes.length;
    if (isEnded) return { bytes: Buffer.concat(pieces), connections };
  }
}

/** Reads events, with `Last-Event-ID` after each loss of the connection. */
async function readByEvents(port: number, path: string, random: (below: number) => number): Promise<Reading> {
  const pieces: Buffer[] = [];
  for (let lastId = '', connections = 1; ; connections++) {
    const response = await openLogEvents(port, path, lastId === '' ? {} : { 'Last-Event-ID': lastId });
    const timer = setTimeout(() => response.destroy(), 50 + random(500));
    let patience = random(8);
    for await (const event of readEvents(response)) {
      if (patience-- === 0) response.destroy();
      pieces.push(bytesOfEvent(event));
      lastId = event.id;
      if (event.event === 'end') {
        clearTimeout(timer);
        return { bytes: Buffer.concat(pieces), connections };
      }
    }
    clearTimeout(timer);
  }
}

for (const seed of [1, 2, 3]) {
  test(`a log is the same by WebSocket, by events and stored, however often readers are cut off (${seed})`, async (t) => {
    const { api, redis } = t.context;
    const random = createRandom(seed);
    const claim = await claimTestBuild(api.store, 'web');
    const readings = [
      readBySocket(api.port, logPath(claim), createRandom(seed + 10)),
      readByEvents(api.port, logPath(claim), createRandom(seed + 30)),
    ];
    const written: Buffer[] = [];
    for (let line = 0; line < 250; line++) {
      const bytes = Buffer.from(`line ${line} ✓ 日本語 🎉 ${'x'.repeat(random(line % 25 === 0 ? 200_000 : 300))}\n`);
      // Chunks end anywhere.
      const cut = random(bytes.length);
      for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
        const seq = await api.store.logs.append(claim, piece);
        await redis.publish(logChannel(claim.buildId), String(seq));
      }
      written.push(bytes);
      if (random(10) === 0) await sleep(random(30));
    }
    await fail(api, claim);
    await Promise.all([api.store.logs.compact(claim.buildId), sleep(5)]);
    const whole = Buffer.concat(written);
    for (const { bytes, connections } of await Promise.all(readings)) {
      t.true(bytes.equals(whole));
      t.true(connections > 3);
    }
    const stored = await openAnswer(api.port, logPath(claim));
    t.true(Buffer.concat(await stored.toArray()).equals(whole));
    for (const read of [readBySocket, readByEvents]) {
      t.true((await read(api.port, logPath(claim), createRandom(seed + 50))).bytes.equals(whole));
    }
  });
}

test('log: from an offset, by every way, while the build runs and after', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  await api.store.logs.append(claim, Buffer.from('one\ntwo\n'));
  const text = async (query: string) => {
    const { status, text: body } = await api.call('GET', `${logPath(claim)}${query}`);
    return [status, body];
  };
  const assertRest = async () => {
    t.deepEqual(await text('?offset=4'), [200, 'two\n']);
    t.deepEqual(await text('?offset=8'), [200, '']);
    t.deepEqual(await text('?offset=9000'), [200, '']);
  };
  await assertRest();
  const follower = openAnswer(api.port, `${logPath(claim)}?follow=true&offset=5`);
  await fail(api, claim);
  t.is(String(Buffer.concat(await (await follower).toArray())), 'wo\n');
  await assertRest();
  await api.store.logs.compact(claim.buildId);
  await assertRest();
  const events = await openLogEvents(api.port, `${logPath(claim)}?offset=4`);
  t.deepEqual(await collect(readEvents(events)), [
    { id: '8', event: 'message', data: '"two\\n"' },
    { id: '8', event: 'end', data: '{"state":"failed"}' },
  ]);
  const behind = await openLogEvents(api.port, logPath(claim), { 'Last-Event-ID': '9000' });
  t.deepEqual(await collect(readEvents(behind)), [{ id: '9000', event: 'end', data: '{"state":"failed"}' }]);
  const socket = openLog(api.port, `${logPath(claim)}?offset=4`);
  const [response] = await once(socket.socket, 'upgrade');
  t.is(response.headers['log-offset'], '4');
  t.is(String((await socket.ended).bytes), 'two\n');
});

test('log: events begin inside of a character exactly', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  const whole = Buffer.from('a🎉b\n');
  await api.store.logs.append(claim, whole);
  await fail(api, claim);
  for (let offset = 0; offset <= whole.length; offset++) {
    const response = await openLogEvents(api.port, `${logPath(claim)}?offset=${offset}`);
    const events = await collect(readEvents(response));
    t.deepEqual(Buffer.concat(events.map(bytesOfEvent)), whole.subarray(offset));
    t.is(events.at(-1)?.id, String(whole.length));
  }
});

test('log: an offset that is none is refused, by every way', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  const message = 'offset must be a number of bytes from 0, not "-1"\n';
  const { status, text } = await api.call('GET', `${logPath(claim)}?offset=-1`);
  t.deepEqual([status, text], [400, message]);
  const headers = { Accept: 'text/event-stream', 'Last-Event-ID': '-1' };
  t.is((await api.call('GET', logPath(claim), { headers })).text, message);
  const socket = new WebSocket(`ws://127.0.0.1:${api.port}${logPath(claim)}?offset=-1`, {
    headers: { Authorization: AUTHORIZATION },
  });
  socket.on('error', () => {});
  const [, refusal] = await once(socket, 'unexpected-response');
  t.is(refusal.statusCode, 400);
  t.is(String(Buffer.concat(await refusal.toArray())), message);
});

test('log: an unknown build is not found, strangers are refused', async (t) => {
  const { api } = t.context;
  const unknown = await api.call('GET', '/apps/web/builds/BAAAAAAAAAA/logs', {
    headers: { Accept: 'text/event-stream' },
  });
  t.is(unknown.status, 404);
  t.is((await api.call('GET', '/apps/web/builds/BAAAAAAAAAA/logs', { authorization: '' })).status, 401);
});

test.serial('log: readers of events that do not read cost no memory, and leave nothing behind', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  const part = Buffer.alloc(256 * 1024, 'flood\n');
  for (let count = 0; count < 160; count++) await api.store.logs.append(claim, part);
  const before = process.memoryUsage().rss;
  const readers = await Promise.all(Array.from({ length: 8 }, () => openLogEvents(api.port, logPath(claim))));
  // Long enough to read all of it several times over: unbounded, this would be 320 MiB.
  await sleep(1500);
  t.true(process.memoryUsage().rss - before < 160 * 1024 * 1024);
  for (const reader of readers) reader.destroy();
  await fail(api, claim);
});

test('log: an api that closes breaks its streams off', async (t) => {
  const api = await startTestApi();
  const claim = await claimTestBuild(api.store, 'web');
  await api.store.logs.append(claim, Buffer.from('one\n'));
  const events = readEvents(await openLogEvents(api.port, logPath(claim)));
  t.is((await events.next()).value?.data, '"one\\n"');
  const stopped = api.stop();
  t.true((await events.next()).done);
  await stopped;
});
