// Every promise of docs/promises.md has a test whose title begins with its number.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const promises = [...readFileSync('docs/promises.md', 'utf8').matchAll(/^(\d+)\. /gm)].map(([, number]) => number);
const { stdout: tests } = spawnSync('git', ['grep', '--untracked', '-hE', "[`']promise [0-9]+: ", '--', '*.test.ts'], {
  encoding: 'utf8',
});
const untested = promises.filter((number) => !new RegExp(`[\`']promise ${number}: `).test(tests));
for (const number of untested) process.stdout.write(`docs/promises.md: no test is named "promise ${number}: …"\n`);
process.exit(promises.length > 0 && untested.length === 0 ? 0 : 1);
