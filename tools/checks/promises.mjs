// Every promise of docs/promises.md has a test whose title begins with its number, and so has every point of what existing
// clients rely on (docs/rack-api.md).

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const RULES = [
  { document: 'docs/promises.md', word: 'promise' },
  { document: 'docs/rack-api.md', word: 'checklist' },
];

const { stdout: tests } = spawnSync(
  'git',
  ['grep', '--untracked', '-hE', "[`'](promise|checklist) [0-9]+: ", '--', '*.test.ts'],
  {
    encoding: 'utf8',
  },
);

let missing = 0;
for (const { document, word } of RULES) {
  const numbers = [...readFileSync(document, 'utf8').matchAll(/^(\d+)\. /gm)].map(([, number]) => number);
  if (numbers.length === 0) missing++;
  for (const number of numbers) {
    if (new RegExp(`[\`']${word} ${number}: `).test(tests)) continue;
    process.stdout.write(`${document}: no test is named "${word} ${number}: …"\n`);
    missing++;
  }
}
process.exit(missing === 0 ? 0 : 1);
