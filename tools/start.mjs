// `npm start`: set-up, then the rack, until Ctrl-C.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { rackCommand } from './rack-command.mjs';
import { setUp } from './set-up/main.mjs';
import { ROOT } from './set-up/stamp.mjs';

const given = process.argv.slice(2);
if (given.includes('--help') || given.includes('-h')) {
  process.stdout.write(readFileSync(join(ROOT, 'apps/rack/usage.txt')));
  process.exit();
}
await setUp();
const { command, args, env } = rackCommand(given);
const rack = spawn(command, args, { env, stdio: 'inherit' });
// In a terminal both get the signal; the rack decides when it is done.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && rack.kill(signal));
rack.once('exit', (code) => process.exit(code ?? 1));
