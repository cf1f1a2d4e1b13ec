import type { PromotionRefusal } from './promotions.js';
import type { PromotionRecord } from './records.js';
import type { Store } from './store.js';
import { createRunningBuild, RESULT } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const LEASE = { leaseMs: 60_000, maxTries: 2, limit: 10 };

async function createReleases(store: Store) {
  const { build, claim } = await createRunningBuild(store);
  const { app } = build;
  const empty = (await store.releases.create({ app, environment: 'A=1' }))?.id ?? '';
  await store.attempts.saveManifest(claim, 'services: {}');
  const older = (await store.attempts.complete(claim, RESULT))?.id ?? '';
  const newer = (await store.releases.create({ app, environment: 'A=2' }))?.id ?? '';
  const promote = (releaseId: string, { isForced = false, isDone = true } = {}) =>
    store.promotions.create({ app, releaseId, actor: 'ada', isForced, isDone });
  const activeId = async () => (await store.apps.find(app))?.activeReleaseId;
  return { app, empty, older, newer, promote, activeId };
}

function idOf(promotion: PromotionRecord | PromotionRefusal): string {
  if (typeof promotion === 'string') throw new Error(`Cannot promote: ${promotion}`);
  return promotion.id;
}

/** Takes up what is due of one app; other tests' promotions are left over in the same database. */
async function claimOf(store: Store, app: string, owner: string, options = LEASE) {
  const claimed = await store.promotions.claim({ ...options, owner });
  const promotion = claimed.find((candidate) => candidate.app === app);
  return promotion === undefined ? undefined : { id: promotion.id, app, owner };
}

testOnEachBackend(
  'promotions: one with nothing to run is over at once; an older one needs force',
  async (t, { store }) => {
    const { app, empty, older, newer, promote, activeId } = await createReleases(store);
    t.is(await promote('RNOTTHEREXX'), 'missing');
    t.is(await promote(empty), 'empty-manifest');
    t.like(await promote(newer), { state: 'succeeded', releaseId: newer, actor: 'ada', reason: '' });
    t.is(await promote(older), 'older');
    t.is(await activeId(), newer);
    t.like(await promote(older, { isForced: true }), { state: 'succeeded' });
    t.is(await activeId(), older);
    t.deepEqual(
      (await store.promotions.list(app, { limit: 5 })).map(({ releaseId }) => releaseId),
      [older, newer],
    );
  },
);

testOnEachBackend(
  'promotions: one runs at a time; the release is active when it has succeeded',
  async (t, { store }) => {
    const { app, newer, promote, activeId } = await createReleases(store);
    const id = idOf(await promote(newer, { isDone: false }));
    t.true((await store.promotions.listUpdatingApps()).has(app));
    t.is(await promote(newer), 'updating');
    const claim = await claimOf(store, app, 'one');
    t.is(claim?.id, id);
    t.is(await claimOf(store, app, 'two'), undefined);
    t.is(await activeId(), '');
    if (claim === undefined) return;
    t.true(await store.promotions.renew(claim, { leaseMs: 60_000 }));
    t.false(await store.promotions.succeed({ ...claim, owner: 'two' }));
    t.true(await store.promotions.succeed(claim));
    t.is(await activeId(), newer);
    t.false(await store.promotions.fail(claim, 'too late'));
    t.false((await store.promotions.listUpdatingApps()).has(app));
  },
);

testOnEachBackend('promotions: force takes the place of the one that runs', async (t, { store }) => {
  const { app, older, newer, promote } = await createReleases(store);
  await promote(newer, { isDone: false });
  const claim = await claimOf(store, app, 'one');
  const next = idOf(await promote(older, { isForced: true, isDone: false }));
  t.false(claim !== undefined && (await store.promotions.renew(claim, { leaseMs: 1000 })));
  const reason = `superseded by the promotion of ${older} by ada`;
  t.like(await store.promotions.list(app, { limit: 2 }), [
    { id: next, state: 'pending' },
    { state: 'failed', reason },
  ]);
  t.true(await store.promotions.cancel(app, { actor: 'bob' }));
  t.false(await store.promotions.cancel(app, { actor: 'bob' }));
  t.like(await store.promotions.list(app, { limit: 1 }), [{ state: 'failed', reason: 'cancelled by bob' }]);
});

testOnEachBackend(
  'promotions: a lost runner is replaced, a few times; handing back counts for none',
  async (t, { store }) => {
    const { app, newer, promote, activeId } = await createReleases(store);
    await promote(newer, { isDone: false });
    const expired = { ...LEASE, leaseMs: -1 };
    const handedBack = await claimOf(store, app, 'zero');
    if (handedBack !== undefined) await store.promotions.release(handedBack);
    const first = await claimOf(store, app, 'one', expired);
    const second = await claimOf(store, app, 'two', expired);
    t.is(second?.id, first?.id);
    t.false(first === undefined || (await store.promotions.succeed(first)));
    t.is(await claimOf(store, app, 'three', expired), undefined);
    const [ended] = await store.promotions.list(app, { limit: 1 });
    t.like(ended, { state: 'failed', tries: 2 });
    t.regex(ended?.reason ?? '', /^given up after 2 tries/);
    t.is(await activeId(), '');
  },
);

testOnEachBackend('promotions: one that nobody takes up fails in the end', async (t, { store }) => {
  const { app, newer, promote } = await createReleases(store);
  const id = idOf(await promote(newer, { isDone: false }));
  t.false((await store.promotions.failAbandoned({ olderThanMs: 60_000 })).includes(id));
  t.true((await store.promotions.failAbandoned({ olderThanMs: -1000 })).includes(id));
  const [failed] = await store.promotions.list(app, { limit: 1 });
  t.regex(failed?.reason ?? '', /^nobody took it up: no api has PROMOTE_COMMAND or PROMOTE_URL any more$/);
});

testOnEachBackend('promotions: one that is to be tried again waits', async (t, { store }) => {
  const { app, newer, promote } = await createReleases(store);
  await promote(newer, { isDone: false });
  const claim = await claimOf(store, app, 'one');
  t.true(claim !== undefined && (await store.promotions.retry(claim, 'no answer', { delayMs: 60_000 })));
  t.is(await claimOf(store, app, 'two'), undefined);
  t.like(await store.promotions.list(app, { limit: 1 }), [{ state: 'pending', reason: 'no answer' }]);
});
