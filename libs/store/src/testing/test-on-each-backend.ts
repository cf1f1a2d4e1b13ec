import test, { type ExecutionContext } from 'ava';

import { BACKENDS, type Backend, openTestStore, type TestStore } from './open-test-store.js';

const stores = new Map<Backend, TestStore>();

test.before(async () => {
  for (const backend of BACKENDS) stores.set(backend, await openTestStore(backend));
});

test.after.always(async () => {
  for (const { stop } of stores.values()) await stop();
});

/** Registers a test for every kind of database. One at a time: some calls concern all builds of a store. */
export function testOnEachBackend(title: string, run: (t: ExecutionContext, opened: TestStore) => Promise<void>): void {
  for (const backend of BACKENDS) {
    test.serial(`${backend}: ${title}`, async (t) => {
      const opened = stores.get(backend);
      if (opened === undefined) return t.fail('the database did not start');
      await run(t, opened);
    });
  }
}
