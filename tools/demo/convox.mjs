import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { ROOT } from '../set-up/stamp.mjs';

const BIN = join(ROOT, 'apps/cli/bin/convox.js');

/** A title in the demo's output. */
export function section(title) {
  process.stdout.write(`\n── ${title} ${'─'.repeat(Math.max(0, 70 - title.length))}\n\n`);
}

/** As a person would type it. */
const quote = (word) => (/\s/.test(word) ? `'${word}'` : word);

/** The `convox` command, in a folder, on a rack. */
export function createConvox({ rackUrl, folder }) {
  const spawn = (args, stdio) => {
    const result = spawnSync(process.execPath, [BIN, ...args], {
      cwd: folder,
      env: { ...process.env, RACK_URL: rackUrl },
      encoding: 'utf8',
      stdio,
    });
    if (result.status !== 0) throw new Error(`convox ${args.join(' ')} ended with ${result.status ?? result.signal}`);
    return result.stdout;
  };
  return {
    /** Runs a command and shows it with its output. */
    run: (...args) => {
      process.stdout.write(`$ convox ${args.map(quote).join(' ')}\n`);
      spawn(args, ['ignore', 'inherit', 'inherit']);
    },
    /** Runs a command for its answer as data. */
    json: (...args) => JSON.parse(spawn([...args, '--json'], ['ignore', 'pipe', 'inherit'])),
  };
}
