import { readFileSync } from 'node:fs';

import test from 'ava';

import { ALL_SCENARIOS } from './all-scenarios.js';

const DOCUMENT = readFileSync(new URL('../../../../docs/faults.md', import.meta.url), 'utf8');

test('every scenario has a row of its own, and docs/faults.md has the same ones', (t) => {
  const documented = [...DOCUMENT.matchAll(/^\| (\d+[a-z]?) +\| (•?) *\| (.+?) +\| (.*?) *\|$/gm)];
  t.deepEqual(
    documented.map(([, row, quick, title, pending]) => [row, quick === '•', title, pending]),
    ALL_SCENARIOS.map(({ row, isQuick, title, pending = '' }) => [row, isQuick === true, title, pending]),
  );
  t.is(new Set(ALL_SCENARIOS.map(({ row }) => row)).size, ALL_SCENARIOS.length);
});
