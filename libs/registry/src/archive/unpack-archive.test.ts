import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';

import { TarError } from '@convox-builds/tar';
import test from 'ava';
import fc from 'fast-check';

import { sectionOf } from './section.js';
import { storeGzip } from './store-gzip.js';
import { MAX_BLOCK_BYTES } from './stored-gzip.js';
import { unpackArchive } from './unpack-archive.js';

const LIMITS = { maxBytes: 1_000_000, maxRatio: 200, ratioWindowBytes: 1_000_000 };

async function storeAll(...contents: Buffer[]): Promise<Buffer> {
  const members = contents.map((content) => storeGzip(sectionOf(content)));
  return buffer(
    Readable.from(
      (async function* () {
        for (const { open } of members) yield* await open(undefined);
      })(),
    ),
  );
}

const unpack = (archive: Buffer, limits = {}) =>
  buffer(unpackArchive(Readable.from([archive]), { ...LIMITS, ...limits }, new AbortController().signal));

test('unpackArchive() reads what storeGzip() writes, as any gunzip does', async (t) => {
  for (const sizes of [[0], [1], [MAX_BLOCK_BYTES], [MAX_BLOCK_BYTES + 1], [3 * MAX_BLOCK_BYTES, 7, 0]]) {
    const contents = sizes.map((size) => randomBytes(size));
    const archive = await storeAll(...contents);
    t.deepEqual(await unpack(archive), Buffer.concat(contents), String(sizes));
    t.deepEqual(gunzipSync(archive), Buffer.concat(contents), String(sizes));
  }
});

test('unpackArchive() reads what others compress', async (t) => {
  const content = Buffer.from('compress me '.repeat(100));
  t.deepEqual(await unpack(gzipSync(content)), content);
});

test('promise 6: unpackArchive() takes nothing for whole that was changed, cut off or is too large', async (t) => {
  const content = randomBytes(70_000);
  const archive = await storeAll(content, Buffer.from('the end'));
  const whole = Buffer.concat([content, Buffer.from('the end')]);
  const isRefused = async (damaged: Buffer) => {
    const outcome = await unpack(damaged).catch((error: unknown) => error);
    return outcome instanceof TarError || (Buffer.isBuffer(outcome) && outcome.equals(whole));
  };
  // What matters most stands at both ends and where blocks begin.
  const place = fc.oneof(
    fc.nat(30),
    fc.integer({ min: 65_540, max: 65_570 }),
    fc.integer({ min: archive.length - 60, max: archive.length - 1 }),
    fc.nat(archive.length - 1),
  );
  const damage = fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, bits) => {
    const damaged = Buffer.from(archive);
    damaged[at] = (damaged[at] ?? 0) ^ bits;
    return isRefused(damaged);
  });
  await fc.assert(damage, { numRuns: 300 });
  for (const length of [0, 1, 15, 16, 20, 65_000, archive.length - 40, archive.length - 1]) {
    t.true(await isRefused(archive.subarray(0, length)), String(length));
  }
  await t.throwsAsync(unpack(archive, { maxBytes: 1000 }), { instanceOf: TarError, message: /more than 1000 bytes/ });
});
