import { waitUntil } from '@convox-builds/testing';
import test from 'ava';
import type { Knex } from 'knex';

import { openDatabase } from './database.js';
import { createStore, type Store } from './store.js';
import { createTestBuild } from './testing/builds.js';
import { insertLongHistory } from './testing/long-history.js';
import { openTestStore } from './testing/open-test-store.js';

const APP = 'shop';
const BUILDS = 100_000;
/** Rows and entries of indexes that a turn may read of one table. */
const READ_AT_MOST = 2000;
const DAY_MS = 24 * 3_600_000;

function onFailure(error: unknown): never {
  throw error;
}

/** What the loops of the api and of workers ask, and what goes with every build. */
async function runTurn({ store, buildId }: { store: Store; buildId: string }): Promise<void> {
  await store.workers.report({ name: 'w', owner: 'w/1', slots: 1, state: 'ready', findings: [] });
  await store.attempts.expireLeases({ maxLostWorkers: 3 });
  await store.queue.admit({ running: 10, runningPerApp: 10 });
  await store.queue.describeWait(buildId);
  await store.builds.countActive();
  await store.builds.failAbandoned({ olderThanMs: DAY_MS });
  await store.builds.isNeeded(APP, `object://${APP}/tmp/x.tgz`);
  await store.builds.takeUntagged({ olderThanMs: 1000, retryAtLeastEveryMs: 1000 });
  await store.logs.listToCompact({ limit: 20 });
  await store.promotions.failAbandoned({ olderThanMs: DAY_MS });
  await store.promotions.claim({ owner: 'o', leaseMs: 1000, maxTries: 3, limit: 10 });
  await store.promotions.findOfBuild('B10');
  await store.promotions.listUpdatingApps();
  await store.receivedDeliveries.settle({ limit: 10, decide: () => ({ ignore: 'it is another branch' }), onFailure });
  await store.jobs.listToStart({ limit: 10 });
  await store.jobs.advance();
  await store.jobs.listLeftBuilds();
  await store.jobs.listPromoting({ limit: 10 });
  await store.reviewApps.removeLeft();
  await store.deliveries.claim({ owner: 'o', leaseMs: 1000, limit: 10, perWebhook: 2 });
  await store.feedback.claim({ owner: 'o', leaseMs: 1000, limit: 10, perHost: 2 });
  await store.feedback.findMedianMs(APP, { exceptId: buildId });
  await store.polledRepositories.claim({ owner: 'o', leaseMs: 1000, limit: 10, perServer: 2 });
  for (const kind of ['object', 'image', 'repository'] as const)
    await store.removals.runNext(kind, async () => {}, { retryAfterMs: () => 0 });
}

type Reads = ReadonlyMap<string, number>;

/** What was read of each table since the database began. */
async function countReads(knex: Knex): Promise<Reads> {
  const { rows } = await knex.raw<{ rows: { name: string; count: string }[] }>(`
    SELECT relname AS name,
      seq_tup_read + (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes AS own WHERE own.relid = tables.relid) AS count
    FROM pg_stat_user_tables AS tables`);
  return new Map(rows.map(({ name, count }) => [name, Number(count)]));
}

/** A session has counted when it is gone. */
async function untilAlone(knex: Knex): Promise<void> {
  const isAlone = async () => {
    const { rows } = await knex.raw(`SELECT FROM pg_stat_activity WHERE application_name = 'convox-builds'`);
    return rows.length === 1;
  };
  await waitUntil(isAlone, { what: 'the sessions of the store are gone' });
}

test('what is asked again and again reads the same, however many builds there were', async (t) => {
  const { store: first, objects, url, stop } = await openTestStore('postgres');
  const knex = openDatabase(url, { poolSize: 1, queryTimeoutMs: 60_000 });
  t.teardown(async () => {
    await knex.destroy();
    await stop();
  });
  await insertLongHistory(knex, { app: APP, builds: BUILDS });
  const { id: buildId } = await createTestBuild(first, { app: APP });
  await createTestBuild(first, { app: APP, external: true });
  t.true((await first.retention.prune(APP, { keepBuilds: 50, keepDays: 1, keepReleases: 10 })).length > 0);
  await first.close();
  await untilAlone(knex);

  const before = await countReads(knex);
  const store = createStore({ databaseUrl: url, objects });
  await runTurn({ store, buildId });
  await store.close();
  await untilAlone(knex);
  const after = await countReads(knex);
  const read = [...after].map(([name, count]) => `${name}: ${count - (before.get(name) ?? 0)}`);
  t.deepEqual(
    read.filter((line) => Number(line.split(': ')[1]) > READ_AT_MOST),
    [],
  );
});
