// `npm start`: set-up, then the rack, until Ctrl-C.

import { spawn } from 'node:child_process';

import { rackCommand } from './rack-command.mjs';
import { setUp } from './set-up/main.mjs';

await setUp();
const { command, args, env } = rackCommand(process.argv.slice(2));
const rack = spawn(command, args, { env, stdio: 'inherit' });
// In a terminal both get the signal; the rack decides when it is done.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && rack.kill(signal));
rack.once('exit', (code) => process.exit(code ?? 1));
