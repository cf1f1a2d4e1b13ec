import test from 'ava';
import fc from 'fast-check';

import { cutInto } from './cut-into.js';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

test('cutInto(): gives the pieces back that were joined, empty ones too', async (t) => {
  const property = fc.asyncProperty(
    fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }),
    fc.integer({ min: 1, max: 70 }),
    async (contents, size) => {
      const pieces = contents.map((content) => Buffer.from(content));
      const sizes = pieces.map(({ length }) => length);
      const cut = await collect(cutInto(inPieces(Buffer.concat(pieces), size), sizes));
      t.deepEqual(cut, pieces);
    },
  );
  await fc.assert(property, { numRuns: 100 });
});

test('cutInto(): what is left over comes as it is', async (t) => {
  const cut = await collect(cutInto(inPieces(Buffer.from('abcdef'), 4), [3]));
  t.deepEqual(cut.map(String), ['abc', 'd', 'ef']);
});

test('cutInto(): a stream that is too short loses nothing', async (t) => {
  const cut = await collect(cutInto(inPieces(Buffer.from('abcdef'), 4), [3, 9, 0]));
  t.deepEqual(cut.map(String), ['abc', 'def']);
});

test('cutInto(): empty pieces of an empty stream', async (t) => {
  t.deepEqual(await collect(cutInto(inPieces(Buffer.alloc(0), 1), [0, 0])), [Buffer.alloc(0), Buffer.alloc(0)]);
});
