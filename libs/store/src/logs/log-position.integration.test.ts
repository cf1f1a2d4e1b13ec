import { buffer } from 'node:stream/consumers';

import fc from 'fast-check';

import type { Store } from '../store.js';
import { createRunningBuild, RESULT } from '../testing/builds.js';
import { testOnEachBackend } from '../testing/test-on-each-backend.js';

/** What a log has from a byte on, as a reader gets it who finds the place first. */
async function readFrom(store: Store, buildId: string, offset: number): Promise<Buffer> {
  const { afterSeq, skipBytes } = await store.logs.findPosition(buildId, offset);
  return (await buffer(store.logs.stream(buildId, { afterSeq }))).subarray(skipBytes);
}

const chunksOf = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 12 });
const offsetsOf = fc.array(fc.nat({ max: 800 }), { minLength: 1, maxLength: 8 });

testOnEachBackend('findPosition(): from any byte, before, while and after it is compacted', async (t, { store }) => {
  const property = fc.asyncProperty(chunksOf, offsetsOf, async (chunks, offsets) => {
    const { build, claim } = await createRunningBuild(store);
    for (const bytes of chunks) await store.logs.append(claim, Buffer.from(bytes));
    const whole = Buffer.concat(chunks);
    const assertAll = async () => {
      for (const offset of offsets) t.deepEqual(await readFrom(store, build.id, offset), whole.subarray(offset));
    };
    await assertAll();
    await store.attempts.complete(claim, RESULT);
    const before = await Promise.all(offsets.map((offset) => store.logs.findPosition(build.id, offset)));
    await Promise.all([store.logs.compact(build.id), assertAll()]);
    await assertAll();
    t.deepEqual(await Promise.all(offsets.map((offset) => store.logs.findPosition(build.id, offset))), before);
  });
  await fc.assert(property, { numRuns: 25 });
});

testOnEachBackend(
  'findPosition(): tells how far a place behind the end is, and starts at the first',
  async (t, opened) => {
    const { store } = opened;
    const { build, claim } = await createRunningBuild(store);
    t.deepEqual(await store.logs.findPosition(build.id, 0), { afterSeq: 0, skipBytes: 0 });
    t.deepEqual(await store.logs.findPosition(build.id, 7), { afterSeq: 0, skipBytes: 7 });
    await store.logs.append(claim, Buffer.from('12345'));
    t.deepEqual(await store.logs.findPosition(build.id, 7), { afterSeq: 1, skipBytes: 2 });
    t.deepEqual(await store.logs.findPosition(build.id, 2 ** 50), { afterSeq: 1, skipBytes: 2 ** 50 - 5 });
  },
);
