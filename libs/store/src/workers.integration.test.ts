import { openDatabase } from './database.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const WORKER = { name: 'one', owner: 'one/1', slots: 2, state: 'ready' } as const;
const FINDING = { check: 'buildkit', status: 'warning', message: 'the snapshotter is native' } as const;

testOnEachBackend(
  'list(): tells what workers found out about themselves, and since when they are silent',
  async (t, { store }) => {
    await store.workers.report({ ...WORKER, findings: [FINDING] });
    const [listed] = await store.workers.list();
    t.like(listed, { name: 'one', slots: 2, state: 'ready' });
    t.deepEqual(listed?.findings, [FINDING]);
    t.true(listed !== undefined && listed.silentMs >= 0 && listed.silentMs < 10_000);
    await store.workers.leave('one/1');
    t.deepEqual(await store.workers.list(), []);
  },
);

testOnEachBackend('list(): a worker of the version before has a note that is no list', async (t, { store, url }) => {
  await store.workers.report({ ...WORKER, findings: [] });
  const knex = openDatabase(url, { poolSize: 1 });
  await knex('workers').update({ note: 'disk: 100 MB free, 1907 MB needed' });
  await knex.destroy();
  t.deepEqual((await store.workers.list())[0]?.findings, []);
});
