import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { TRAILER_BYTES } from '@convox-builds/domain';
import type { ExecutionContext, TestFn } from 'ava';

import type { ObjectStorage } from '../object-storage.js';

/** A storage with its inside turned out. */
export interface OpenedStorage {
  readonly objects: ObjectStorage;
  /** What is kept under a key, trailer and all. */
  readonly readKept: (key: string) => Promise<Buffer>;
  readonly writeKept: (key: string, bytes: Buffer) => Promise<void>;
  /** Names what is left of puts that came to nothing. */
  readonly findLeftovers: () => Promise<readonly string[]>;
}

const MIB = 1024 * 1024;
/** About the ends of one part of S3, of two, and with the trailer between them. */
const SIZES = [0, 1, TRAILER_BYTES, 300_000, 8 * MIB - TRAILER_BYTES, 8 * MIB, 8 * MIB + 1, 21 * MIB];

/** Bytes in which none of the parts is like another one. */
function contentOf(bytes: number): Buffer {
  const content = Buffer.alloc(bytes, 'content');
  for (let place = 0; place + 4 <= bytes; place += 65_536) content.writeUInt32LE(place, place);
  return content;
}

const piecesOf = (content: Buffer, size = 100_000) =>
  Readable.from(
    Array.from({ length: Math.ceil(content.length / size) }, (_, at) => content.subarray(at * size, (at + 1) * size)),
  );

async function read(objects: ObjectStorage, key: string): Promise<Buffer | undefined> {
  const object = await objects.get(key);
  return object && buffer(object.content);
}

function testContents(test: TestFn, open: (t: ExecutionContext) => Promise<OpenedStorage>): void {
  for (const bytes of SIZES) {
    test(`an object of ${bytes} bytes comes back as it was stored`, async (t) => {
      const { objects } = await open(t);
      const content = contentOf(bytes);
      t.is((await objects.put('web/x', piecesOf(content))).size, bytes);
      const object = await objects.get('web/x');
      t.is(object?.size, bytes);
      t.true((await buffer(object?.content ?? Readable.from([]))).equals(content));
      t.deepEqual(await objects.find('web/x'), { size: bytes });
    });
  }

  for (const position of [0, 150_000, 299_999]) {
    test(`an object whose byte ${position} has changed cannot be read to its end`, async (t) => {
      const { objects, readKept, writeKept } = await open(t);
      await objects.put('web/x', Readable.from([contentOf(300_000)]));
      const bytes = await readKept('web/x');
      bytes.writeUInt8(bytes.readUInt8(position) ^ 1, position);
      await writeKept('web/x', bytes);
      await t.throwsAsync(read(objects, 'web/x'), { message: /Cannot read object "web\/x": it is not what was/ });
    });
  }

  test('what others have written, without a digest, is read as it is', async (t) => {
    const { objects, writeKept } = await open(t);
    await objects.put('web/y', Readable.from(['y']));
    for (const content of ['', 'as it was', 'x'.repeat(100)]) {
      await writeKept('web/x', Buffer.from(content));
      t.deepEqual(await objects.find('web/x'), { size: content.length });
      t.is(String(await read(objects, 'web/x')), content);
    }
  });

  test('an object whose reader stops early lets go of it', async (t) => {
    const { objects } = await open(t);
    await objects.put('web/x', Readable.from([contentOf(3_000_000)]));
    const object = await objects.get('web/x');
    for await (const _bytes of object?.content ?? []) break;
    t.true(object?.content.destroyed);
    t.is((await read(objects, 'web/x'))?.length, 3_000_000);
  });
}

function testPuts(test: TestFn, open: (t: ExecutionContext) => Promise<OpenedStorage>): void {
  for (const size of [1000, 20 * MIB]) {
    test(`a put of ${size} bytes that breaks leaves what was there, and nothing else`, async (t) => {
      const { objects, findLeftovers } = await open(t);
      await objects.put('web/x', Readable.from(['before']));
      async function* breaking() {
        yield* piecesOf(contentOf(size));
        throw new Error('the client has gone');
      }
      await t.throwsAsync(objects.put('web/x', Readable.from(breaking())), { message: 'the client has gone' });
      const tooLarge = objects.put('web/x', piecesOf(contentOf(size)), { maxBytes: size - 1 });
      await t.throwsAsync(tooLarge, { instanceOf: RangeError });
      const signal = AbortSignal.abort(new Error('enough'));
      await t.throwsAsync(objects.put('web/x', piecesOf(contentOf(size)), { signal }));
      t.is(String(await read(objects, 'web/x')), 'before');
      t.deepEqual(await objects.list('', { limit: 10 }), ['web/x']);
      t.deepEqual(await findLeftovers(), []);
    });
  }

  test('of several puts of one key, whole ones remain, and one at last', async (t) => {
    const { objects } = await open(t);
    const contents = [1, 2, 3, 4].map((number) => Buffer.alloc(9 * MIB, number));
    await Promise.all(contents.map((content) => objects.put('web/x', piecesOf(content, MIB))));
    const last = await read(objects, 'web/x');
    t.true(contents.some((content) => last !== undefined && content.equals(last)));
  });
}

function testKeys(test: TestFn, open: (t: ExecutionContext) => Promise<OpenedStorage>): void {
  test('keys are listed in the order of their bytes, under a prefix, up to a limit', async (t) => {
    const { objects } = await open(t);
    const keys = ['web/a-b', 'web/a/b', 'web/ab', 'web/é', 'web2/a', 'other/x'];
    for (const key of keys.toReversed()) await objects.put(key, Readable.from([key]));
    t.deepEqual(await objects.list('web/', { limit: 10 }), ['web/a-b', 'web/a/b', 'web/ab', 'web/é']);
    t.deepEqual(await objects.list('web', { limit: 2 }), ['web/a-b', 'web/a/b']);
    t.deepEqual(await objects.list('web/a', { limit: 10 }), ['web/a-b', 'web/a/b', 'web/ab']);
    t.deepEqual(await objects.list('nothing/', { limit: 10 }), []);
    t.deepEqual(await objects.list('', { limit: 0 }), []);
  });

  test('objects are deleted, one or all under a prefix, and no others', async (t) => {
    const { objects } = await open(t);
    for (const key of ['web/a', 'web/b/c', 'web/b/d', 'web2/a']) await objects.put(key, Readable.from([key]));
    t.true(await objects.delete('web/a'));
    t.false(await objects.delete('web/a'));
    t.is(await objects.get('web/a'), undefined);
    t.is(await objects.find('web/a'), undefined);
    await objects.deleteAll('web/');
    await objects.deleteAll('web/');
    t.deepEqual(await objects.list('', { limit: 10 }), ['web2/a']);
  });

  test('keys with signs of all kinds are taken as they are', async (t) => {
    const { objects } = await open(t);
    for (const name of ['a b', 'a+b', 'a%2Fb', 'a?b#c', 'ü–漢', "a'&<b>", '$()*!~']) {
      await objects.put(`web/${name}`, Readable.from([name]));
      t.is(String(await read(objects, `web/${name}`)), name);
      t.deepEqual(await objects.list(`web/${name}`, { limit: 2 }), [`web/${name}`]);
      t.true(await objects.delete(`web/${name}`));
    }
  });

  test('promise 6: a key that is empty, absolute or leads out is refused by every method', async (t) => {
    const { objects } = await open(t);
    for (const key of ['', '/web', 'web//x', '../x', 'web/../../x', 'web/./x', 'a\0b', 'a\\b', '.incoming/x']) {
      const refused = { instanceOf: SyntaxError };
      await t.throwsAsync(objects.put(key, Readable.from(['x'])), refused, key);
      await t.throwsAsync(objects.get(key), refused, key);
      await t.throwsAsync(objects.find(key), refused, key);
      await t.throwsAsync(objects.delete(key), refused, key);
      if (key !== '') await t.throwsAsync(objects.deleteAll(`${key}/`), refused, key);
    }
    await t.throwsAsync(objects.deleteAll(''), { instanceOf: SyntaxError });
  });
}

/** Tests what every object storage promises. */
export function testObjectStorage(test: TestFn, open: (t: ExecutionContext) => Promise<OpenedStorage>): void {
  testContents(test, open);
  testPuts(test, open);
  testKeys(test, open);
}
