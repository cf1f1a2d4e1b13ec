import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { bundleCommand } from '../bundle/bundle-command.mjs';
import { rackCommand } from '../rack-command.mjs';

/** What the rack prints of itself: its address with the password, and its registry's. */
function readDescription(text) {
  const url = /export RACK_URL=(\S+)/.exec(text)?.[1];
  const registryHost = /its registry at (\S+?)\.?\s/.exec(text)?.[1];
  if (url === undefined || registryHost === undefined) throw new Error(`Cannot read what the rack says: ${text}`);
  return { url, registryHost };
}

/** Where the embedded database listens. */
const embeddedUrl = (socketFolder) => `postgres:///postgres?host=${encodeURIComponent(socketFolder)}&user=postgres`;

/** Starts a whole rack with its data in a folder, and waits until it says that it is ready. */
export async function startRack(folder, environment = {}) {
  const data = join(folder, 'rack');
  const convox = await bundleCommand(join(folder, 'package'));
  const { command, args, env } = rackCommand(['--data', data]);
  const rack = spawn(command, args, {
    env: { ...env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = once(rack, 'exit');
  let output = '';
  rack.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const ended = exited.then(([code]) => Promise.reject(new Error(`The rack ended with ${code}`)));
  await Promise.race([once(rack, 'message'), ended]);
  ended.catch(() => {});
  return {
    ...readDescription(output),
    /** The command as it is installed on other machines. */
    convox,
    databaseUrl: process.env.DATABASE_URL ?? embeddedUrl(join(data, 'socket')),
    buildkitAddress: `unix://${join(data, 'worker/buildkit/buildkitd.sock')}`,
    stop: async () => {
      rack.kill('SIGTERM');
      await exited;
    },
  };
}
