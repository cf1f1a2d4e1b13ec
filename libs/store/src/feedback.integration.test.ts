import type { DueFeedback } from './claim-feedback.js';
import type { Store } from './store.js';
import { claimNext, createRunningBuild, createTestApp, createTestBuild, RESULT } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const COMMIT = 'c'.repeat(40);

async function createForge(store: Store, kind: 'github' | 'gitlab' = 'github'): Promise<string> {
  const host = `git-${Math.random().toString(36).slice(2)}.example.com`;
  await store.forges.save({ host, kind, apiUrl: `https://${host}/api`, sealedToken: 'sealed' });
  return host;
}

interface Origin {
  readonly host: string;
  readonly pullRequest?: number | null;
  readonly commit?: string;
}

async function recordOrigin(store: Store, buildId: string, { host, pullRequest = null, commit = COMMIT }: Origin) {
  const origin = { buildId, kind: 'github', host, repository: 'acme/shop', commit, pullRequest } as const;
  await store.buildOrigins.record({ ...origin, workflowId: null });
}

/** Takes what is due for one forge; what is due for those of other tests is handed back. */
async function take(store: Store, host: string, { leaseMs = 60_000, perHost = 10 } = {}): Promise<DueFeedback[]> {
  const claimed = await store.feedback.claim({ owner: `o${Math.random()}`, leaseMs, limit: 100, perHost });
  for (const due of claimed.filter((one) => one.host !== host)) await store.feedback.release(due);
  return claimed.filter((one) => one.host === host).sort((a, b) => a.what.localeCompare(b.what));
}

const told = (store: Store, due: DueFeedback) => store.feedback.record(due, { state: 'told', reason: '' });
const statesOf = async (store: Store, buildId: string) =>
  (await store.feedback.list(buildId)).map(({ what, state, tries }) => `${what} ${state} ${tries}`);

testOnEachBackend('feedback: promotions are told, and change the comment; so do caches', async (t, { store }) => {
  const host = await createForge(store);
  const { build, claim } = await createRunningBuild(store);
  const { app } = build;
  await recordOrigin(store, build.id, { host, pullRequest: 7 });
  await store.attempts.saveManifest(claim, 'services:\n  web:\n    image: busybox\n');
  const release = await store.attempts.complete(claim, RESULT);
  const tell = async () => {
    const due = await take(store, host);
    for (const one of due) await told(store, one);
    return due.map(({ what }) => what);
  };
  t.deepEqual(await tell(), ['comment', 'status']);
  const steps = { localSteps: 3, registrySteps: 0, builtSteps: 1, importMs: 0, exportMs: 0, exportBytes: 0 };
  await store.layerCaches.record(build.id, { service: 'web', ...steps, export: 'skipped', reason: '' });
  t.deepEqual(await tell(), ['comment']);
  t.is(await store.promotions.findOfBuild(build.id), undefined);
  const promotion = { app, releaseId: release?.id ?? '', actor: 'ada', isForced: false, isDone: false };
  await store.promotions.create(promotion);
  t.deepEqual(await tell(), ['comment', 'promotion']);
  await store.promotions.cancel(app, { actor: 'bob' });
  t.deepEqual(await tell(), ['comment', 'promotion']);
  t.like(await store.promotions.findOfBuild(build.id), { state: 'failed', reason: 'cancelled by bob' });
  await store.promotions.create({ ...promotion, isDone: true });
  t.deepEqual(await tell(), ['comment', 'promotion']);
  t.like(await store.promotions.findOfBuild(build.id), { state: 'succeeded' });
  const other = await createTestBuild(store);
  await recordOrigin(store, other.id, { host: 'unknown.example.com' });
  t.deepEqual(await tell(), []);
});

testOnEachBackend(
  'feedback: a build of a known forge is told when it came, and at every change',
  async (t, { store }) => {
    const host = await createForge(store);
    const build = await createTestBuild(store);
    await recordOrigin(store, build.id, { host, pullRequest: 7 });
    t.like(await store.buildOrigins.find(build.id), {
      host,
      repository: 'acme/shop',
      pullRequest: 7,
      workflowId: null,
    });
    const [comment, status, ...more] = await take(store, host);
    t.deepEqual(more, []);
    t.like(comment, { what: 'comment', buildId: build.id, kind: 'github', apiUrl: `https://${host}/api`, tries: 1 });
    t.like(status, { what: 'status', sealedToken: 'sealed' });
    for (const due of [comment, status]) if (due) await told(store, due);
    t.deepEqual(await take(store, host), []);
    const claim = await claimNext(store, build);
    t.is((await take(store, host)).length, 2);
    await store.attempts.complete(claim, RESULT);
    t.deepEqual(await statesOf(store, build.id), ['status pending 0', 'comment pending 0']);
  },
);

testOnEachBackend('feedback: what a build becomes while it is told is told, too', async (t, { store }) => {
  const host = await createForge(store);
  const { build, claim } = await createRunningBuild(store);
  await recordOrigin(store, build.id, { host });
  const [due] = await take(store, host);
  await store.attempts.complete(claim, RESULT);
  t.deepEqual(await take(store, host), [], 'nobody else tells it in the meantime');
  if (due) await told(store, due);
  t.deepEqual(await statesOf(store, build.id), ['status pending 0']);
  const [last] = await take(store, host);
  t.is(last?.revision, (due?.revision ?? 0) + 1);
  if (last) await told(store, last);
  t.deepEqual(await statesOf(store, build.id), ['status told 1']);
});

testOnEachBackend('feedback: the newest build of a commit or a pull request has the word', async (t, { store }) => {
  const host = await createForge(store);
  const app = await createTestApp(store);
  const { build: older, claim } = await createRunningBuild(store, { app });
  await recordOrigin(store, older.id, { host, pullRequest: 7 });
  const newer = await createTestBuild(store, { app });
  await recordOrigin(store, newer.id, { host, pullRequest: 7, commit: 'd'.repeat(40) });
  const other = await createTestBuild(store);
  await recordOrigin(store, other.id, { host, pullRequest: 7 });
  await store.attempts.complete(claim, RESULT);
  t.deepEqual(await statesOf(store, older.id), ['status pending 0', 'comment superseded 0']);
  t.deepEqual(await statesOf(store, newer.id), ['status pending 0', 'comment pending 0']);
  t.deepEqual(await statesOf(store, other.id), ['status pending 0', 'comment pending 0'], 'it is of another app');
});

testOnEachBackend('feedback: nothing is wanted for unknown forges, or twice', async (t, { store }) => {
  const { id } = await createTestBuild(store);
  await recordOrigin(store, id, { host: 'nowhere.example.com' });
  t.deepEqual(await store.feedback.list(id), []);
  const build = await createTestBuild(store);
  await recordOrigin(store, build.id, { host: await createForge(store, 'gitlab') });
  t.deepEqual(await store.feedback.list(build.id), [], 'its webhook was of another kind of forge');
  const host = await createForge(store);
  const known = await createTestBuild(store);
  await recordOrigin(store, known.id, { host });
  await recordOrigin(store, known.id, { host });
  t.is((await store.feedback.list(known.id)).length, 1);
  t.true(await store.forges.delete(host));
  t.false(await store.forges.delete(host));
  t.deepEqual(await store.feedback.list(known.id), []);
  t.truthy(await store.buildOrigins.find(known.id));
});

testOnEachBackend('feedback: is tried again later, by whoever has the lease', async (t, { store }) => {
  const host = await createForge(store);
  const build = await createTestBuild(store);
  await recordOrigin(store, build.id, { host });
  const [first] = await take(store, host, { leaseMs: 1 });
  const [second] = await take(store, host);
  t.is(second?.id, first?.id);
  t.is(second?.tries, 2);
  if (first) await told(store, first);
  t.deepEqual(await statesOf(store, build.id), ['status pending 2'], 'the first one came too late');
  if (second) await store.feedback.record(second, { retryAfterMs: 60_000, reason: 'status 500' });
  t.like(await store.feedback.list(build.id), [{ state: 'pending', reason: 'status 500', tries: 2 }]);
  t.deepEqual(await take(store, host), []);
});

testOnEachBackend('feedback: a forge that asks for quiet is left alone, and loses nothing', async (t, { store }) => {
  const host = await createForge(store);
  const [one, two] = [await createTestBuild(store), await createTestBuild(store)];
  await recordOrigin(store, one.id, { host });
  await recordOrigin(store, two.id, { host });
  const [due, ...rest] = await take(store, host, { perHost: 1 });
  t.deepEqual(rest, []);
  t.deepEqual(await take(store, host, { perHost: 1 }), [], 'there is room for one');
  if (due) await store.feedback.record(due, { holdHostMs: 60_000, reason: 'too many requests' });
  t.deepEqual(await take(store, host), []);
  t.deepEqual(await statesOf(store, one.id), ['status pending 0']);
  await store.forges.save({ host, kind: 'github', apiUrl: 'https://x', sealedToken: 'new' });
  t.like(await take(store, host), [{ sealedToken: 'new' }, { sealedToken: 'new' }]);
});

testOnEachBackend('feedback: knows how long builds of an app take', async (t, { store }) => {
  const app = await createTestApp(store);
  t.is(await store.feedback.findMedianMs(app, { exceptId: '' }), undefined);
  const { build, claim } = await createRunningBuild(store, { app });
  await store.attempts.complete(claim, RESULT);
  const ms = await store.feedback.findMedianMs(app, { exceptId: '' });
  t.true(ms !== undefined && ms > 0 && ms < 60_000, String(ms));
  t.is(await store.feedback.findMedianMs(app, { exceptId: build.id }), undefined);
});

testOnEachBackend('feedback: builds end while others of their pull request come and are told', async (t, { store }) => {
  const host = await createForge(store);
  const app = await createTestApp(store);
  const live = async () => {
    const { build, claim } = await createRunningBuild(store, { app });
    await recordOrigin(store, build.id, { host, pullRequest: 7 });
    t.truthy(await store.attempts.complete(claim, RESULT));
    return build.id;
  };
  const tell = async () => {
    for (let round = 0; round < 20; round++) for (const due of await take(store, host)) await told(store, due);
  };
  const [ids] = await Promise.all([Promise.all(Array.from({ length: 20 }, live)), tell(), tell()]);
  await tell();
  const states = await Promise.all(ids.map((id) => statesOf(store, id)));
  const ofState = (state: string) => states.flat().filter((line) => line.split(' ')[1] === state).length;
  t.deepEqual([ofState('told'), ofState('superseded'), ofState('pending')], [2, 38, 0]);
});
