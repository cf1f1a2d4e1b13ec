// `npm run docs`: writes docs/cli.md. With --check it writes nothing, and fails when the document is another one.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { COMMON_OPTIONS } from '../../apps/cli/dist/command.js';
import { COMMAND_GROUPS } from '../../apps/cli/dist/command-table.js';
import { ROOT } from '../set-up/stamp.mjs';
import { formatCliReference } from './format-cli-reference.mjs';

const PATH = join(ROOT, 'docs/cli.md');
const text = await formatCliReference({ groups: COMMAND_GROUPS, commonOptions: COMMON_OPTIONS });
if (!process.argv.includes('--check')) {
  writeFileSync(PATH, text);
} else if (readFileSync(PATH, 'utf8') !== text) {
  process.stdout.write('docs/cli.md is not what the commands say: npm run docs\n');
  process.exitCode = 1;
}
