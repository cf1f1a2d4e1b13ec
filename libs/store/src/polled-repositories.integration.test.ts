import type { DuePoll } from './claim-polls.js';
import type { Store } from './store.js';
import { createTestApp } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const HOUR_MS = 3_600_000;
let count = 0;

/** Adds repositories of a server that no other test knows. */
async function add(store: Store, amount: number, app?: string) {
  const server = `git${count++}.test`;
  const remotes = Array.from({ length: amount }, (_, index) => `https://${server}/${index}.git`);
  const ids: string[] = [];
  for (const remote of remotes) ids.push(await store.polledRepositories.add({ app, remote, server }));
  return { server, remotes, ids };
}

const claim = ({ polledRepositories }: Store, { leaseMs = 60_000, limit = 100, perServer = 100 } = {}) =>
  polledRepositories.claim({ owner: `o${count++}`, leaseMs, limit, perServer });
const remotesOf = (polls: readonly DuePoll[]) => polls.map(({ remote }) => remote).sort();

/** What other tests left is not due any more. */
async function clear(store: Store) {
  for (const { id } of await store.polledRepositories.list(undefined)) await store.polledRepositories.remove(id);
}

testOnEachBackend('polled repositories: are added once, listed by app, and removed', async (t, { store }) => {
  await clear(store);
  const app = await createTestApp(store);
  const { remotes, ids, server } = await add(store, 2, app);
  const [remote = ''] = remotes;
  const [id = ''] = ids;
  t.is(await store.polledRepositories.add({ app, remote, server }), id);
  const ofRack = await store.polledRepositories.add({ app: undefined, remote, server });
  t.not(ofRack, id);
  const listed = await store.polledRepositories.list(app);
  t.deepEqual(
    listed.map(({ id: listedId, app: of, remote: at, polledAt, failures }) => [listedId, of, at, polledAt, failures]),
    ids.map((added, index) => [added, app, remotes[index], undefined, 0]),
  );
  t.true(await store.polledRepositories.remove(ofRack));
  t.false(await store.polledRepositories.remove(ofRack));
  await store.apps.delete(app);
  t.deepEqual(await store.polledRepositories.list(app), []);
});

testOnEachBackend(
  'polled repositories: are claimed by one, and again when the lease has run out',
  async (t, { store }) => {
    await clear(store);
    const { remotes } = await add(store, 3);
    const claims = await Promise.all([claim(store), claim(store), claim(store)]);
    t.deepEqual(remotesOf(claims.flat()), remotes);
    for (const poll of claims.flat()) await store.polledRepositories.release(poll);
    const [slow] = await claim(store, { limit: 1, leaseMs: 1 });
    if (slow === undefined) return t.fail();
    t.is((await claim(store)).length, 3);
    t.false(await store.polledRepositories.record(slow, { refs: {}, nextPollMs: 0 }));
    t.false(await store.polledRepositories.fail(slow, { reason: 'late', retryAfterMs: 0 }));
  },
);

testOnEachBackend('polled repositories: keep what was found, also through failures', async (t, { store }) => {
  await clear(store);
  await add(store, 1);
  const [first] = await claim(store);
  if (first === undefined) return t.fail();
  t.is(first.knownRefs, undefined);
  const refs = { 'refs/heads/main': 'a'.repeat(40) };
  t.true(await store.polledRepositories.record(first, { refs, nextPollMs: 0 }));
  const [second] = await claim(store);
  if (second === undefined) return t.fail();
  t.deepEqual(second.knownRefs, refs);
  t.true(await store.polledRepositories.fail(second, { reason: 'no such repository', retryAfterMs: 0 }));
  const [third] = await claim(store);
  t.like(third, { knownRefs: refs, failures: 1 });
  t.like((await store.polledRepositories.list(undefined))[0], { failures: 1, lastError: 'no such repository' });
  if (third === undefined) return t.fail();
  await store.polledRepositories.record(third, { refs, nextPollMs: HOUR_MS });
  t.like((await store.polledRepositories.list(undefined))[0], { failures: 0, lastError: '' });
  t.deepEqual(await claim(store), []);
});

testOnEachBackend(
  'polled repositories: a server has its share, and is left alone while it is silent',
  async (t, { store }) => {
    await clear(store);
    const [silent, other] = [await add(store, 5), await add(store, 1)];
    const first = await claim(store, { perServer: 2 });
    t.deepEqual(remotesOf(first), [...silent.remotes.slice(0, 2), ...other.remotes]);
    t.deepEqual(await claim(store, { perServer: 2 }), []);
    const seen: number[] = [];
    const silenceMs = (failures: number) => {
      seen.push(failures);
      return failures === 1 ? 0 : HOUR_MS;
    };
    const failure = { reason: 'it does not answer', retryAfterMs: 0, silenceMs };
    const [one, two] = first.filter(({ remote }) => remote.includes(silent.server));
    if (one === undefined || two === undefined) return t.fail();
    await store.polledRepositories.fail(one, failure);
    await store.polledRepositories.fail(two, failure);
    t.deepEqual(seen, [1, 2]);
    // Silent by now: none of its repositories is due.
    t.deepEqual(await claim(store), []);
  },
);
