import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Logger } from '@convox-builds/runtime';
import { untilListening } from './ready.js';
import { type Child, startChild } from './start-child.js';

const STOP_WITHIN_MS = 5000;

/** What a child of the rack is started with. */
export interface ServiceOptions {
  readonly folder: string;
  readonly port: number;
  readonly searchPath: string;
  readonly logger: Logger;
}

/** Starts Redis: on loopback, with everything that was acknowledged on disk, and never throwing anything out. */
export async function startRedis({ folder, port, searchPath, logger }: ServiceOptions): Promise<Child> {
  const data = join(folder, 'redis');
  await mkdir(data, { recursive: true });
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: data,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
    logfile: join(data, 'redis.log'),
  };
  return startChild({
    name: 'redis',
    command: 'redis-server',
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    environment: { PATH: searchPath },
    waitUntilReady: () => untilListening(port),
    stopWithinMs: STOP_WITHIN_MS,
    isOurs: false,
    logger,
  });
}
