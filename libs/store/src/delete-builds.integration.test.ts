import test from 'ava';

import { createAppRepository } from './apps.js';
import { openDatabase } from './database.js';
import { insertLongHistory } from './testing/long-history.js';
import { openTestStore } from './testing/open-test-store.js';

test('an app with many builds is deleted, although no statement may take long', async (t) => {
  const { store, url, stop } = await openTestStore('postgres');
  const patient = openDatabase(url, { poolSize: 1, queryTimeoutMs: 60_000 });
  const hasty = openDatabase(url, { poolSize: 1, queryTimeoutMs: 1000 });
  t.teardown(async () => {
    await Promise.all([patient.destroy(), hasty.destroy()]);
    await stop();
  });
  await insertLongHistory(patient, { app: 'shop', builds: 20_000 });
  t.true(await createAppRepository(hasty).delete('shop'));
  t.is(await store.apps.find('shop'), undefined);
  t.deepEqual(await patient('builds').count(), [{ count: '0' }]);
  t.deepEqual(await patient('releases').count(), [{ count: '0' }]);
  t.deepEqual(await patient('removals').groupBy('kind').orderBy('kind').select('kind').count(), [
    { kind: 'image', count: '20000' },
    { kind: 'object', count: '40000' },
    { kind: 'repository', count: '1' },
  ]);
});
