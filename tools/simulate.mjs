// `npm run simulate`: a day of builds on many workers, whose solves are simulated; with `-- --builds 100000 --workers 1000
// --minutes 60` a large one (docs/scale.md).

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { setUp } from './set-up/main.mjs';
import { ROOT } from './set-up/stamp.mjs';

await setUp({ isForTests: true });
const built = spawnSync('npx', ['tsc', '-b', 'tests/scale'], { cwd: ROOT, stdio: 'inherit' });
if (built.status !== 0) process.exit(1);
const main = join(ROOT, 'tests/scale/dist/main.js');
const { status } = spawnSync(process.execPath, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
