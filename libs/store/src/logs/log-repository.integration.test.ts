import { randomBytes } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { openDatabase } from '../database.js';
import type { ObjectStorage } from '../objects/object-storage.js';
import type { LogChunk } from '../records.js';
import type { Store } from '../store.js';
import { createRunningBuild, createTestBuild, RESULT } from '../testing/builds.js';
import { testOnEachBackend } from '../testing/test-on-each-backend.js';
import { createLogRepository } from './log-repository.js';

async function readAll(store: Store, buildId: string, { afterSeq = 0, limit = 3 } = {}): Promise<LogChunk[]> {
  const chunks: LogChunk[] = [];
  for (;;) {
    const more = await store.logs.read(buildId, { afterSeq: chunks.at(-1)?.seq ?? afterSeq, limit });
    if (more.length === 0) return chunks;
    chunks.push(...more);
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Chunks with any bytes in them, some empty, some large. */
const createChunks = (count: number) => numbers(count).map((number) => randomBytes((number * 7919) % 40_000));

/** An ended build with a log of the given chunks. */
async function createLoggedBuild(store: Store, chunks: readonly Buffer[]) {
  const { build, claim } = await createRunningBuild(store);
  for (const bytes of chunks) await store.logs.append(claim, bytes);
  await store.attempts.complete(claim, RESULT);
  return build;
}

testOnEachBackend('append(): numbers chunks without gaps, also at the same time', async (t, { store }) => {
  const { build, claim } = await createRunningBuild(store);
  const chunks = createChunks(40);
  const seqs = await Promise.all(chunks.map((bytes) => store.logs.append(claim, bytes)));
  t.deepEqual(
    seqs.toSorted((a, b) => Number(a) - Number(b)),
    numbers(40),
  );
  const read = await readAll(store, build.id);
  t.deepEqual(
    read.map(({ seq }) => seq),
    numbers(40),
  );
  for (const [index, seq] of seqs.entries()) t.deepEqual(read[Number(seq) - 1]?.bytes, chunks[index]);
});

testOnEachBackend('read(): while another writes, no gap and no repeat', async (t, { store }) => {
  const { build, claim } = await createRunningBuild(store);
  const written = (async () => {
    for (const number of numbers(60)) await store.logs.append(claim, Buffer.from(`${number}\n`));
  })();
  const read: LogChunk[] = [];
  while (read.length < 60) read.push(...(await store.logs.read(build.id, { afterSeq: read.length, limit: 7 })));
  await written;
  t.deepEqual(
    read.map(({ bytes }) => bytes.toString()),
    numbers(60).map((number) => `${number}\n`),
  );
});

testOnEachBackend(
  'append(): a part that is sent again, also at the same time, is stored once',
  async (t, { store }) => {
    const { build, claim } = await createRunningBuild(store);
    const send = (part: number) => store.logs.append(claim, Buffer.from(`${part}\n`), { part });
    t.is(await send(1), 1);
    t.is(await send(1), 1);
    t.deepEqual(await Promise.all([send(2), send(2), send(2)]), [2, 2, 2]);
    t.is(await store.logs.appendNote(build.id, 'a note'), 3);
    t.is(await send(2), 3);
    t.is(await send(3), 4);
    await store.attempts.release(claim);
    t.is(await send(3), undefined);
    const next = { ...claim, attempt: 2 };
    await store.attempts.claim(next, { leaseMs: 60_000 });
    t.is(await store.logs.append(next, Buffer.from('next\n'), { part: 1 }), 5);
    t.is((await buffer(store.logs.stream(build.id))).toString(), '1\n2\na note\n3\nnext\n');
  },
);

testOnEachBackend('append(): a log goes on in the next attempt', async (t, { store }) => {
  const { build, claim } = await createRunningBuild(store);
  await store.logs.append(claim, Buffer.from('one\n'));
  await store.attempts.release(claim);
  t.is(await store.logs.appendNote(build.id, 'handed back'), 2);
  t.is(await store.logs.append(claim, Buffer.from('late\n')), undefined);
  const next = { ...claim, attempt: 2, worker: 'w2' };
  await store.attempts.claim(next, { leaseMs: 60_000 });
  t.is(await store.logs.append(next, Buffer.from('two\n')), 3);
  t.is((await buffer(store.logs.stream(build.id))).toString(), 'one\nhanded back\ntwo\n');
});

testOnEachBackend('compact(): the log reads the same before and after', async (t, { store, objects }) => {
  const build = await createLoggedBuild(store, createChunks(30));
  const [before, streamed] = [await readAll(store, build.id), await buffer(store.logs.stream(build.id))];
  t.true((await store.logs.listToCompact({ limit: 1000 })).includes(build.id));
  await store.logs.compact(build.id);

  t.false((await store.logs.listToCompact({ limit: 1000 })).includes(build.id));
  t.deepEqual(await readAll(store, build.id), before);
  t.deepEqual(await readAll(store, build.id, { afterSeq: 17 }), before.slice(17));
  t.deepEqual(await buffer(store.logs.stream(build.id)), streamed);
  t.deepEqual(
    await buffer(store.logs.stream(build.id, { afterSeq: 29 })),
    Buffer.concat(before.slice(29).map(({ bytes }) => bytes)),
  );
  const logs = (await store.builds.find(build.app, build.id))?.logs ?? '';
  t.truthy(await objects.find(logs.replace('object://', '')));
  t.is(await store.logs.appendNote(build.id, 'too late'), undefined);
});

testOnEachBackend('compact(): a reader in the middle misses nothing', async (t, { store }) => {
  const chunks = createChunks(40);
  const build = await createLoggedBuild(store, chunks);
  const seen: Buffer[] = [];
  for await (const bytes of store.logs.stream(build.id)) {
    if (seen.length === 5) await store.logs.compact(build.id);
    seen.push(bytes);
  }
  t.deepEqual(Buffer.concat(seen), Buffer.concat(chunks));
});

testOnEachBackend('compact(): on several replicas at once, and again', async (t, { store }) => {
  const chunks = createChunks(40);
  const build = await createLoggedBuild(store, chunks);
  await Promise.all([1, 2, 3, 4].map(() => store.logs.compact(build.id)));
  await store.logs.compact(build.id);
  t.deepEqual(await buffer(store.logs.stream(build.id)), Buffer.concat(chunks));
  t.deepEqual((await readAll(store, build.id)).length, 40);
});

testOnEachBackend('compact(): what comes in meanwhile is kept', async (t, { store, objects, url }) => {
  const chunks = createChunks(20);
  const build = await createLoggedBuild(store, chunks);
  const knex = openDatabase(url, { poolSize: 2 });
  // The real storage, and a line that arrives when the object is there but not yet named.
  const slow: ObjectStorage = {
    ...objects,
    put: async (key, content) => {
      const stored = await objects.put(key, content);
      await store.logs.appendNote(build.id, 'the last word');
      return stored;
    },
  };
  await createLogRepository(knex, slow).compact(build.id);
  await knex.destroy();
  t.is((await store.builds.find(build.app, build.id))?.logs, '');
  const whole = Buffer.concat([...chunks, Buffer.from('the last word\n')]);
  t.deepEqual(await buffer(store.logs.stream(build.id)), whole);
  await store.logs.compact(build.id);
  t.deepEqual(await buffer(store.logs.stream(build.id)), whole);
});

testOnEachBackend('compact(): a storage that fails loses nothing', async (t, { store, objects, url }) => {
  const chunks = createChunks(20);
  const build = await createLoggedBuild(store, chunks);
  const knex = openDatabase(url, { poolSize: 2 });
  const full: ObjectStorage = { ...objects, put: (key, content) => objects.put(key, content, { maxBytes: 10 }) };
  await t.throwsAsync(createLogRepository(knex, full).compact(build.id), { instanceOf: RangeError });
  await knex.destroy();
  t.deepEqual(await buffer(store.logs.stream(build.id)), Buffer.concat(chunks));
  await store.logs.compact(build.id);
  t.deepEqual(await buffer(store.logs.stream(build.id)), Buffer.concat(chunks));
});

testOnEachBackend('compact(): leaves running builds alone, and packs an empty log', async (t, { store }) => {
  const { build } = await createRunningBuild(store);
  await store.logs.compact(build.id);
  t.is((await store.builds.find(build.app, build.id))?.logs, '');
  await store.logs.compact('BNOTTHEREXX');
  const empty = await createLoggedBuild(store, []);
  await store.logs.compact(empty.id);
  t.deepEqual(await buffer(store.logs.stream(empty.id)), Buffer.alloc(0));
});

testOnEachBackend('stream(): a damaged object is an error, not an end', async (t, { store, folder }) => {
  const build = await createLoggedBuild(store, createChunks(20));
  await store.logs.compact(build.id);
  const logs = (await store.builds.find(build.app, build.id))?.logs ?? '';
  await truncate(join(folder, logs.replace('object://', '')), 1000);
  await t.throwsAsync(buffer(store.logs.stream(build.id)));
});

testOnEachBackend(
  'stream(): the log of an external build is the object it named, in its own app only',
  async (t, opened) => {
    const { store, objects } = opened;
    const build = await createTestBuild(store, { external: true });
    await objects.put(`${build.app}/build/x/logs`, Readable.from([Buffer.from('built elsewhere')]));
    const read = async (logs: string) => {
      await store.builds.updateExternal(build.app, build.id, { logs });
      return (await buffer(store.logs.stream(build.id))).toString();
    };
    t.is(await read(`object://${build.app}/build/x/logs`), 'built elsewhere');
    for (const logs of [`object://other/build/x/logs`, `object://${build.app}/../other/x`, 'nonsense'])
      t.is(await read(logs), '');
  },
);
