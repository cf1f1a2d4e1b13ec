import { sanitiseLine } from '@convox-builds/domain';
import test from 'ava';

// What existing clients rely on in a log, by the numbers of apps/api/src/checklist.

const TAGS =
  'ok info id error start value header h1 h2 u app build release rack service command dir fail process resource setting system'.split(
    ' ',
  );
const COLOURS = Array.from({ length: 18 }, (_, number) => `color${number}`);

test('checklist 3: no escape sequence is left that a client would cut', (t) => {
  const line =
    '\u001b[31mred\u001b[0m \u001b[38;5;200mpink\u001b[m \u001b[2K\u001b[1Gback \u001b]8;;http://x\u0007link\u001b[';
  t.is(sanitiseLine(line), 'red pink back link');
});

test('checklist 4: no tag is left that a client would rewrite, and other brackets stay', (t) => {
  for (const tag of [...TAGS, ...COLOURS]) t.is(sanitiseLine(`<${tag}>x</${tag}>`), `< ${tag}>x< /${tag}>`);
  t.is(sanitiseLine('<div><oks><color18></p>'), '<div><oks><color18></p>');
});
