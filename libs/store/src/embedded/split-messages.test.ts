import test from 'ava';
import fc from 'fast-check';

import { MessageSplitter } from './split-messages.js';

function typed(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.write(type);
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

const FIRST = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]);

test('MessageSplitter: finds the same messages however the bytes are cut', (t) => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
  const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 });
  fc.assert(
    fc.property(bodies, cuts, (contents, sizes) => {
      const messages = [FIRST, ...contents.map((content) => typed('Q', Buffer.from(content)))];
      const bytes = Buffer.concat(messages);
      const splitter = new MessageSplitter();
      const found: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        found.push(...splitter.push(bytes.subarray(at, at + size)).map((message) => message.bytes));
        at += size;
      }
      t.deepEqual(found, messages);
    }),
    { numRuns: 50 },
  );
});

test('MessageSplitter: refuses lengths that make no sense', (t) => {
  for (const length of [0, 3, 0x7fffffff, 0xffffffff]) {
    const splitter = new MessageSplitter();
    splitter.push(FIRST);
    const bytes = Buffer.from([0x51, 0, 0, 0, 0]);
    bytes.writeUInt32BE(length, 1);
    t.throws(() => splitter.push(bytes), { instanceOf: RangeError });
  }
});

test('MessageSplitter: after a refused encryption the next message has no type again', (t) => {
  const splitter = new MessageSplitter();
  t.deepEqual(splitter.push(FIRST), [{ type: '', bytes: FIRST }]);
  splitter.expectFirst();
  t.deepEqual(splitter.push(FIRST), [{ type: '', bytes: FIRST }]);
  t.is(splitter.push(typed('S', Buffer.alloc(0)))[0]?.type, 'S');
});
