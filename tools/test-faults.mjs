// `npm run test:faults`: every scenario of tests/faults, or with `-- --rows 5,12` some of them, with `-- --seed N` as once
// before, and with `-- --builds 1000` a long random run instead.

import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { setUp } from './set-up/main.mjs';
import { ROOT } from './set-up/stamp.mjs';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, rows: { type: 'string', default: 'all' }, builds: { type: 'string' } },
});
const wanted = values.builds === undefined ? { FAULT_ROWS: values.rows } : { FAULT_BUILDS: values.builds };
const env = { ...process.env, ...wanted, FAULT_SEED: values.seed ?? String(randomInt(1_000_000)) };

await setUp({ isForTests: true });
const file = values.builds === undefined ? 'faults' : 'random';
const { status } = spawnSync('npx', ['ava', '--timeout', '12h', `dist/${file}.integration.test.js`], {
  cwd: join(ROOT, 'tests/faults'),
  env,
  stdio: 'inherit',
});
process.exit(status ?? 1);
