import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { rackCommand } from '../rack-command.mjs';

const START_WITHIN_MS = 90_000;

/** Reads what the rack says of itself: its address with the password, and its registry's. */
function readDescription(text) {
  const url = /export RACK_URL=(\S+)/.exec(text)?.[1];
  const registryHost = /its registry at (\S+?)\.?\s/.exec(text)?.[1];
  return url === undefined || registryHost === undefined ? undefined : { url, registryHost };
}

/** Starts a rack in a folder of its own and waits until it can be used. */
export async function startDemoRack(folder, options = []) {
  const { command, args, env } = rackCommand(['--data', join(folder, 'rack'), ...options]);
  const rack = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(rack, 'exit');
  let output = '';
  const description = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the rack did not start in time')), START_WITHIN_MS);
    void exited.then(([code]) => reject(new Error(`the rack ended with ${code}`)));
    rack.stdout.on('data', (chunk) => {
      output += chunk;
      const found = readDescription(output);
      if (found === undefined || !output.includes('Ctrl-C')) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
  process.stdout.write(`The rack runs, its data is in ${folder}\n`);
  return {
    ...description,
    stop: async () => {
      rack.kill('SIGTERM');
      await exited;
    },
  };
}
