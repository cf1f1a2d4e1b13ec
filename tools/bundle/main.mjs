// `npm run bundle`: the convox command as a package with one file, which needs nothing but Node.

import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { ROOT } from '../set-up/stamp.mjs';
import { bundleCommand } from './bundle-command.mjs';

const file = await bundleCommand(resolve(process.argv[2] ?? join(ROOT, 'dist')));
process.stdout.write(`${file}: ${Math.round(statSync(file).size / 1000)} kB\n`);
