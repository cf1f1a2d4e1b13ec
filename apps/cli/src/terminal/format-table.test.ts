import test from 'ava';
import { formatRows } from './format-rows.js';
import { formatTable } from './format-table.js';
import { textWidth } from './text-width.js';

const HEADINGS = ['ID', 'STATUS', 'DESCRIPTION'];
const LONG = 'build 0123456789 a subject that goes on and on and on, as subjects do';

test('formatTable() pads by what a terminal shows, not by characters', (t) => {
  const text = formatTable(HEADINGS, [
    ['日本', 'ok', 'x'],
    ['e\u0301', 'ok', 'y'],
  ]);
  t.is(text, 'ID    STATUS  DESCRIPTION\n日本  ok      x\ne\u0301     ok      y\n');
});

test('formatTable() cuts descriptions to the width, and never an id', (t) => {
  const rows = [
    ['BABCDEFGHIJ', 'complete', LONG],
    ['BABCDEFGHIJ', 'complete', `日本${LONG}`],
  ];
  for (const width of [40, 80]) {
    const lines = formatTable(HEADINGS, rows, { width }).trimEnd().split('\n');
    for (const line of lines.slice(1)) {
      t.true(textWidth(line) <= width && textWidth(line) > width - 3, line);
      t.regex(line, /^BABCDEFGHIJ {2}complete {2}.*…$/);
    }
  }
  t.true(formatTable(HEADINGS, rows, { width: 200 }).includes(`${LONG}\n`));
  t.true(formatTable(HEADINGS, rows).includes(LONG));
  t.true(formatTable(['A', 'ID'], [['x'.repeat(70), 'BABCDEFGHIJ']], { width: 40 }).includes('BABCDEFGHIJ'));
});

test('formatTable() and formatRows() let no value move the cursor', (t) => {
  t.notRegex(formatTable(HEADINGS, [['a\u001b[2J', 'b\n', 'c\u0007']]).replaceAll('\n', ''), /\p{Cc}/u);
  t.is(formatRows([['A', 'x\u001b[2Jy\r\nz']]), 'A  x [2Jy\n   z\n');
});

test('formatTable() and formatRows() paint on a terminal: headings and states, without changing the columns', (t) => {
  const rows = [['BA', 'failed', 'x']];
  const painted = formatTable(HEADINGS, rows, { isPainted: true });
  t.true(painted.includes('\u001b[31mfailed\u001b[39m  x'));
  t.is(painted.replace(/\u001b\[\d+m/g, ''), formatTable(HEADINGS, rows));
  t.is(
    formatRows([['Status', 'complete']], { isPainted: true }),
    '\u001b[1mStatus\u001b[22m  \u001b[32mcomplete\u001b[39m\n',
  );
});
