import type { Claim } from '@convox-builds/store';
import { waitUntil } from '@convox-builds/testing';
import anyTest, { type TestFn } from 'ava';

import { noteWait } from '../queue/note-wait.js';
import { claimTestBuild, createTestBuild } from '../testing/claim-build.js';
import { CLOSE_1000, END_MARK, openRaw, readRawSocket } from '../testing/raw-connection.js';
import { openLog } from '../testing/read-log.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;
const FAILURE = { failureClass: 'user', reason: 'exit code 1' } as const;

test.before(async (t) => {
  t.context.api = await startTestApi();
});
test.after.always((t) => t.context.api?.stop());

const pathOf = (buildId: string, app = 'web') => `/apps/${app}/builds/${buildId}/logs`;

/** The builds of every state, and how each is brought to its end if it has not ended. */
async function buildsOfAllStates({
  store,
  call,
}: TestApi): Promise<Map<string, { id: string; end: () => Promise<unknown> }>> {
  const nothing = async () => {};
  const cancel = (id: string) => call('POST', `/apps/web/builds/${id}/cancel`);
  const external = JSON.parse((await call('POST', '/apps/web/builds', { form: { external: 'true' } })).text) as {
    id: string;
  };
  const queued = await createTestBuild(store, 'web');
  const claims: Claim[] = [];
  for (let count = 0; count < 3; count++) claims.push(await claimTestBuild(store, 'web'));
  const [running, complete, failed] = claims as [Claim, Claim, Claim];
  await store.attempts.complete(complete, { images: {}, entrypoint: '' });
  await store.attempts.fail(failed, FAILURE);
  const cancelled = await createTestBuild(store, 'web');
  await cancel(cancelled.id);
  return new Map([
    ['created', { id: external.id, end: () => cancel(external.id) }],
    ['queued', { id: queued.id, end: () => cancel(queued.id) }],
    ['running', { id: running.buildId, end: () => store.attempts.fail(running, FAILURE) }],
    ['complete', { id: complete.buildId, end: nothing }],
    ['failed', { id: failed.buildId, end: nothing }],
    ['cancelled', { id: cancelled.id, end: nothing }],
    ['unknown', { id: 'BZZZZZZZZZZ', end: nothing }],
    ['no id', { id: 'nonsense', end: nothing }],
  ]);
}

test('checklist 2: the socket of a log is accepted in every state, and ends with an empty binary frame', async (t) => {
  const { api } = t.context;
  await api.store.apps.create({ name: 'web', generation: '2' });
  for (const [state, { id, end }] of await buildsOfAllStates(api)) {
    const reading = readRawSocket(api.port, pathOf(id));
    await end();
    const { head, frames } = await reading;
    t.regex(head, /^HTTP\/1\.1 101 /, state);
    t.notRegex(head, /Sec-WebSocket-(?:Protocol|Extensions)/i, state);
    t.true(frames.subarray(-6).equals(Buffer.concat([END_MARK, CLOSE_1000])), state);
    // Errors are in the stream, as a text frame.
    const isMissing = state === 'unknown' || state === 'no id';
    t.is(frames.includes(`ERROR: build not found: ${id}\n`), isMissing, state);
  }
});

/** What the api itself has written into logs: how a build waits, and that its worker was lost. */
async function readNotes(api: TestApi): Promise<string[]> {
  await api.store.workers.report({ name: 'w', owner: 'w/1', slots: 1, state: 'ready', findings: [] });
  const build = await createTestBuild(api.store, 'noted');
  await noteWait(api.parts, build.id);
  const claim = await claimTestBuild(api.store, 'noted', { leaseMs: 1 });
  await waitUntil(async () => {
    await api.reconcile();
    return (await api.store.builds.find('noted', claim.buildId))?.state === 'queued';
  });
  const logs = [build.id, claim.buildId].map((id) => api.call('GET', pathOf(id, 'noted')));
  return (await Promise.all(logs)).map(({ text }) => text);
}

test.serial('checklist 3: what the api itself writes into a log has no escape sequences', async (t) => {
  for (const text of await readNotes(t.context.api)) t.regex(text, /^[\x20-\x7e\n]+\n$/);
});

test.serial('checklist 4: what the api itself writes into a log has no tags', async (t) => {
  for (const text of await readNotes(t.context.api)) t.regex(text, /^[^<>]+\n$/);
});

test('checklist 5: what is streamed is byte for byte what is stored', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'same');
  const reader = openLog(api.port, pathOf(claim.buildId, 'same'));
  const written: Buffer[] = [];
  for (const text of ['one\n', 'zwei ✓ ', '日本', 'no line end', '\n', '< ok>broken tag< /ok>\n']) {
    const bytes = Buffer.from(text);
    written.push(bytes);
    await api.store.logs.append(claim, bytes);
  }
  await api.store.attempts.fail(claim, FAILURE);
  const expected = Buffer.concat(written);
  t.true((await reader.ended).bytes.equals(expected));
  await api.store.logs.compact(claim.buildId);
  t.true((await openLog(api.port, pathOf(claim.buildId, 'same')).ended).bytes.equals(expected));
  t.is((await api.call('GET', pathOf(claim.buildId, 'same'))).text, expected.toString());
});

test('checklist 7: (flaw 7) a socket stays open from creation to the end, and a build that is queued again stays running', async (t) => {
  const { api } = t.context;
  const build = await createTestBuild(api.store, 'open');
  const reader = openLog(api.port, pathOf(build.id, 'open'));
  const claim = (attempt: number) => ({ buildId: build.id, attempt, worker: 'w' });
  const statusOf = async () =>
    (JSON.parse((await api.call('GET', `/apps/open/builds/${build.id}`)).text) as { status: string }).status;
  await api.store.attempts.claim(claim(1), { leaseMs: 60_000 });
  await api.store.logs.append(claim(1), Buffer.from('first\n'));
  await waitUntil(() => reader.seen().bytes.includes('first'), { what: 'the first attempt is read' });
  await api.store.attempts.release(claim(1));
  t.is(await statusOf(), 'running');
  t.false(reader.seen().isEnded);
  await api.store.attempts.claim(claim(2), { leaseMs: 60_000 });
  await api.store.logs.append(claim(2), Buffer.from('second\n'));
  await api.store.attempts.complete(claim(2), { images: {}, entrypoint: '' });
  const { bytes, isEnded } = await reader.ended;
  t.true(isEnded);
  t.is(bytes.toString(), 'first\nsecond\n');
});

test('the log of an app is refused with 404, so that clients do not open it again and again', async (t) => {
  const { api } = t.context;
  for (const path of ['/apps/web/logs', '/system/logs']) {
    const { closed } = await openRaw(api.port, [
      `GET ${path} HTTP/1.1`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ]);
    t.regex((await closed).toString(), /^HTTP\/1\.1 404 /, path);
  }
});
