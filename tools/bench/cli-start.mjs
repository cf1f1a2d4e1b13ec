import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { bundleCommand } from '../bundle/bundle-command.mjs';
import { compare } from './measure.mjs';

/** A start takes little, and varies much. */
const LEAST_ROUNDS = 20;

/** What everybody waits for before a command does anything: the installed file, next to Node by itself. */
export const cliStart = {
  name: 'cli-start',
  title: 'convox version, next to node -e 0',
  goal: 2,
  run: async ({ folder, rounds, signal }) => {
    const file = await bundleCommand(join(folder, 'package'));
    const cwd = join(folder, 'empty');
    mkdirSync(cwd);
    const options = { cwd, env: { PATH: process.env.PATH, HOME: cwd }, stdio: 'ignore' };
    const run = (...args) => execFileSync(process.execPath, args, options);
    return compare({
      rounds: Math.max(rounds, LEAST_ROUNDS),
      signal,
      ours: () => void run(file, 'version'),
      peer: () => void run('-e', '0'),
    });
  },
};
