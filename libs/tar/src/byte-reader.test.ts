import test from 'ava';

import { ByteReader } from './byte-reader.js';
import { TarError } from './tar-error.js';

async function* pieces(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

test('ByteReader reads lines and bytes in turn, wherever the pieces end', async (t) => {
  const reader = new ByteReader(pieces('first', ' line\n', 'ab', 'c\n\nlast', '\n'));
  t.is(await reader.line(), 'first line');
  t.is((await reader.read(3)).toString(), 'abc');
  t.is(await reader.line(), '');
  t.is(await reader.line(), '');
  t.is(await reader.line(), 'last');
  t.is(reader.position, 'first line\nabc\n\nlast\n'.length);
});

test('ByteReader takes the end of its source for what is cut off', async (t) => {
  await t.throwsAsync(new ByteReader(pieces('no end')).line(), { instanceOf: TarError, message: 'it is cut off' });
  await t.throwsAsync(new ByteReader(pieces('ab')).read(3), { instanceOf: TarError, message: 'it is cut off' });
});
