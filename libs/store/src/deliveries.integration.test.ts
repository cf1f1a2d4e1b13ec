import { createWebhookId, type WebhookEvent } from '@convox-builds/domain';

import type { DueDelivery } from './claim-deliveries.js';
import type { Store } from './store.js';
import { createRunningBuild, createTestApp, createTestBuild, RESULT } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const TRIED = { answerStatus: 500, answer: 'no', durationMs: 12, reason: 'status 500' };

async function createWebhook(store: Store, app: string | null, events: readonly WebhookEvent[]): Promise<string> {
  const what = { app, events, format: 'convox' } as const;
  const webhook = { id: createWebhookId(), url: 'https://example.com/', ...what, sealedSecret: 'sealed' };
  return (await store.webhooks.create(webhook)).id;
}

/** Takes what is due of one webhook; other tests' deliveries are handed back. */
async function take(store: Store, webhookId: string, { leaseMs = 60_000, perWebhook = 10 } = {}) {
  const claimed = await store.deliveries.claim({ owner: `o${Math.random()}`, leaseMs, limit: 100, perWebhook });
  const [ours, others] = [true, false].map((isOurs) =>
    claimed.filter((delivery) => (delivery.webhookId === webhookId) === isOurs),
  );
  for (const delivery of others ?? []) await store.deliveries.release(delivery);
  return (ours ?? []).sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

const eventsOf = (deliveries: readonly DueDelivery[]) => deliveries.map(({ event, outcome }) => `${event} ${outcome}`);

testOnEachBackend('deliveries: every way of ending a build is announced, with its reason', async (t, { store }) => {
  const app = await createTestApp(store);
  const id = await createWebhook(store, app, ['build:create']);
  const ended = [];
  const good = await createRunningBuild(store, { app });
  await store.attempts.complete(good.claim, RESULT);
  ended.push({ state: 'complete', id: good.build.id });
  const bad = await createRunningBuild(store, { app });
  await store.attempts.fail(bad.claim, { failureClass: 'user', reason: 'exit code 1' });
  ended.push({ state: 'failed', id: bad.build.id, message: 'exit code 1' });
  const cancelled = await createTestBuild(store, { app });
  await store.builds.cancel(app, cancelled.id, { actor: 'ada' });
  ended.push({ state: 'cancelled', id: cancelled.id, message: 'cancelled by ada' });
  await createRunningBuild(store, { app });
  const deliveries = await take(store, id);
  t.deepEqual(eventsOf(deliveries), ['build:create success', 'build:create error', 'build:create error']);
  t.like(
    deliveries.map(({ facts }) => facts),
    ended,
  );
  t.like(deliveries[0], { app, url: 'https://example.com/', sealedSecret: 'sealed', tries: 1, state: 'pending' });
});

testOnEachBackend('deliveries: what a webhook did not ask for is not written', async (t, { store }) => {
  const [app, other] = [await createTestApp(store), await createTestApp(store)];
  const ofApp = await createWebhook(store, app, ['release:create']);
  const ofAll = await createWebhook(store, null, ['release:create']);
  await store.releases.create({ app: other, environment: 'A=1' });
  await store.builds.cancel(app, (await createTestBuild(store, { app })).id, { actor: 'ada' });
  t.deepEqual(await store.deliveries.list(ofApp, { limit: 10 }), []);
  t.like(await store.deliveries.list(ofAll, { limit: 10 }), [{ app: other, event: 'release:create' }]);
  t.true(await store.webhooks.delete(ofAll));
  t.false(await store.webhooks.delete(ofAll));
  t.deepEqual(await store.deliveries.list(ofAll, { limit: 10 }), []);
});

testOnEachBackend('deliveries: in order for each build, and nobody gets one twice at once', async (t, { store }) => {
  const id = await createWebhook(store, null, ['build:create', 'release:create', 'release:promote']);
  const { build, claim } = await createRunningBuild(store);
  await store.attempts.saveManifest(claim, 'services: {}');
  const release = await store.attempts.complete(claim, RESULT);
  const what = { app: build.app, releaseId: release?.id ?? '', actor: 'ada', isForced: false, isDone: false };
  await store.promotions.create(what);
  const seen: string[] = [];
  for (let round = 0; round < 4; round++) {
    const [taken, again] = await Promise.all([take(store, id), take(store, id)]);
    t.is(taken.length + again.length, 1);
    for (const delivery of [...taken, ...again]) {
      seen.push(...eventsOf([delivery]));
      t.true(await store.deliveries.record(delivery, { ...TRIED, answerStatus: 200 }, { state: 'delivered' }));
    }
    if (round === 2) await store.promotions.cancel(build.app, { actor: 'bob' });
  }
  t.deepEqual(seen, [
    'build:create success',
    'release:create success',
    'release:promote start',
    'release:promote error',
  ]);
});

testOnEachBackend(
  'deliveries: a lease that ran out lets another take it, and fences the first',
  async (t, { store }) => {
    const app = await createTestApp(store);
    const id = await createWebhook(store, app, ['release:create']);
    await store.releases.create({ app, environment: 'A=1' });
    const [lost] = await take(store, id, { leaseMs: -1 });
    const [delivery] = await take(store, id);
    if (lost === undefined || delivery === undefined) return t.fail('nothing was due');
    t.is(delivery.tries, 2);
    t.false(await store.deliveries.record(lost, TRIED, { state: 'delivered' }));
    t.true(await store.deliveries.record(delivery, TRIED, { retryAfterMs: 60_000 }));
    t.deepEqual(await take(store, id), [], 'not due yet');
    t.like(await store.deliveries.list(id, { limit: 1 }), [
      { state: 'pending', answerStatus: 500, reason: 'status 500' },
    ]);
    t.true(await store.deliveries.redeliver(id, delivery.id));
    t.false(await store.deliveries.redeliver('WNOTTHEREXX', delivery.id));
    const [third] = await take(store, id);
    if (third === undefined) return t.fail('nothing was due');
    t.true(await store.deliveries.record(third, TRIED, { state: 'failed' }));
    await store.deliveries.forget({ olderThanMs: 60_000 });
    t.is((await store.deliveries.list(id, { limit: 1 })).length, 1);
    await store.deliveries.forget({ olderThanMs: -1000 });
    t.deepEqual(await store.deliveries.list(id, { limit: 1 }), []);
  },
);

testOnEachBackend('deliveries: a webhook has only so many on their way', async (t, { store }) => {
  const app = await createTestApp(store);
  const id = await createWebhook(store, app, ['release:create']);
  for (const value of [1, 2, 3, 4, 5]) await store.releases.create({ app, environment: `A=${value}` });
  t.is((await take(store, id, { perWebhook: 2 })).length, 2);
  t.is((await take(store, id, { perWebhook: 2 })).length, 0);
  t.is((await take(store, id, { perWebhook: 3 })).length, 1);
});
