import { buffer } from 'node:stream/consumers';

import test from 'ava';

import { repairUtf8 } from './repair-utf8.js';

async function* pieces(...all: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* all;
}

test('repairUtf8(): leaves characters alone that come in two pieces', async (t) => {
  const euro = Buffer.from('a€b');
  t.is((await buffer(repairUtf8(pieces(euro.subarray(0, 2), euro.subarray(2))))).toString(), 'a€b');
});

test('repairUtf8(): replaces what is no UTF-8', async (t) => {
  t.is((await buffer(repairUtf8(pieces(Buffer.from([0x61, 0xff, 0x62, 0xe2]))))).toString(), 'a\ufffdb\ufffd');
});
