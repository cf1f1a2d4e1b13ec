import test from 'ava';

import { sanitiseLine } from './sanitise-line.js';

test('sanitiseLine() leaves ordinary text alone', (t) => {
  t.is(sanitiseLine('  COPY . /app\t100% — ünïcode 🎉'), '  COPY . /app\t100% — ünïcode 🎉');
});

test('sanitiseLine() removes colours, cursor movements and window titles', (t) => {
  t.is(sanitiseLine('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007plain\u001b[2K\u001b(B'), 'red plain');
});

test('sanitiseLine() removes an escape sequence that is cut off', (t) => {
  t.is(sanitiseLine('text\u001b['), 'text');
  t.is(sanitiseLine('text\u001b'), 'text');
});

test('sanitiseLine() removes control characters and keeps tabs', (t) => {
  t.is(sanitiseLine('a\u0000b\u0007c\td\u007f'), 'abc\td');
});

test('sanitiseLine() breaks tags that Convox clients rewrite and no others', (t) => {
  t.is(sanitiseLine('<ok>done</ok> <color12>x</color12>'), '< ok>done< /ok> < color12>x< /color12>');
  t.is(sanitiseLine('<div>&lt; <okay> <color18>'), '<div>&lt; <okay> <color18>');
});
