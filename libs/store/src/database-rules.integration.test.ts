import { BUILD_STATES, type BuildState, isAllowedTransition, isFinalState } from '@convox-builds/domain';

import { openDatabase } from './database.js';
import { createRunningBuild, createTestBuild, RESULT } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

testOnEachBackend('the database itself allows the steps of a build and no others', async (t, { store, url }) => {
  const knex = openDatabase(url, { poolSize: 1 });
  try {
    const tryStep = async (from: BuildState, to: BuildState): Promise<boolean> => {
      const { id } = await createTestBuild(store);
      const change = (columns: object) => knex('builds').where({ id }).update(columns);
      const run = { state: 'running', attempt: 1, lease_expires_at: new Date() };
      const end = { ended_at: new Date(), release_id: 'R' };
      if (from !== 'queued') await change(run);
      if (isFinalState(from)) await change({ state: from, ...end });
      const wanted = { queued: { state: to, ended_at: null }, running: run }[to as string] ?? { state: to, ...end };
      return change(wanted).then(
        () => true,
        () => false,
      );
    };
    const states = BUILD_STATES.filter((state) => state !== 'created');
    for (const from of states) {
      for (const to of states.filter((state) => state !== from)) {
        t.is(await tryStep(from, to), isAllowedTransition(from, to), `${from} → ${to}`);
      }
    }
  } finally {
    await knex.destroy();
  }
});

testOnEachBackend('the database itself refuses what may never be', async (t, { store, url }) => {
  const { build, claim } = await createRunningBuild(store);
  const knex = openDatabase(url, { poolSize: 1 });
  const set = (columns: object) => knex('builds').where({ id: build.id }).update(columns);
  try {
    await t.throwsAsync(set({ attempt: 0 }), { message: /attempt numbers only grow/ });
    await t.throwsAsync(set({ state: 'sleeping' }), { message: /check constraint/ });
    await t.throwsAsync(set({ lease_expires_at: null }), { message: /check constraint/ });
    await t.throwsAsync(set({ state: 'complete', ended_at: new Date() }), { message: /check constraint/ });
    await store.logs.append(claim, Buffer.from('x'));
    await store.attempts.complete(claim, RESULT);
    await t.throwsAsync(set({ state: 'queued', ended_at: null }), { message: /is complete and stays so/ });
    await t.throwsAsync(set({ images: '{}' }), { message: /what came of it stays as it is/ });
    await t.throwsAsync(set({ release_id: 'RAAAAAAAAAA' }), { message: /what came of it stays as it is/ });
    await t.throwsAsync(set({ reason: 'another one' }), { message: /what came of it stays as it is/ });
    await t.throwsAsync(set({ source: '' }), { message: /what it is made of stays/ });
    for (const table of ['releases', 'log_chunks', 'attempts']) {
      const edit = knex(table).where({ build_id: build.id }).update({ build_id: build.id });
      await t.throwsAsync(edit, { message: new RegExp(`${table} are written once`) });
    }
    const more = { build_id: build.id, attempt: 9, worker: '' };
    await t.throwsAsync(knex('attempts').insert(more), { message: /attempts are written once/ });
    const again = { id: 'RAAAAAAAAAA', app: build.app, build_id: build.id, is_made_by_build: true };
    await t.throwsAsync(knex('releases').insert(again), { message: /releases_one_by_build/ });
  } finally {
    await knex.destroy();
  }
});
