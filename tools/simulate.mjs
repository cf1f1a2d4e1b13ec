// `npm run simulate`: a small day of builds on some workers, whose solves are simulated, in a minute; with `-- --builds 100000
// --workers 1000 --from 10 --hours 0.3 --speed 1` a part of a large one (docs/scale.md).

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { setUp } from './set-up/main.mjs';
import { ROOT } from './set-up/stamp.mjs';

await setUp({ isForTests: true });
const main = join(ROOT, 'tests/scale/dist/main.js');
const { status } = spawnSync(process.execPath, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
