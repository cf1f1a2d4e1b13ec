import { connect } from 'node:net';

import { findFreePort } from './free-port.js';
import { type Service, spawnService } from './spawn-service.js';
import { createTemporaryFolder } from './temporary-folder.js';
import { waitUntil } from './wait-until.js';

/** A Redis of a test's own. */
export interface TestRedis {
  readonly url: string;
  readonly service: Service;
  readonly stop: () => Promise<void>;
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.unref();
    socket.once('connect', () => socket.destroy());
  });
}

/** A Redis that can be started, killed, and started again. */
export interface PreparedRedis {
  readonly url: string;
  /** Where its append-only file is, if it keeps one. */
  readonly folder: string;
  /** Starts it and waits until it answers. */
  readonly start: () => Promise<Service>;
  readonly remove: () => Promise<void>;
}

/** Makes a Redis on a free port, with nothing on disk, or with an append-only file as in production. */
export async function prepareRedis({ isKept = false }: { isKept?: boolean } = {}): Promise<PreparedRedis> {
  const folder = await createTemporaryFolder();
  const port = await findFreePort();
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    save: '',
    'maxmemory-policy': 'noeviction',
    appendonly: isKept ? 'yes' : 'no',
    dir: folder.path,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const start = async () => {
    const service = await spawnService('redis-server', args);
    await waitUntil(() => isListening(port), { what: 'redis-server is up' });
    return service;
  };
  return { url: `redis://127.0.0.1:${port}`, folder: folder.path, start, remove: folder.remove };
}

/** Starts the real redis-server, on a free port, with nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  const { url, start, remove } = await prepareRedis();
  const service = await start();
  return {
    url,
    service,
    stop: async () => {
      await service.stop('SIGKILL');
      await remove();
    },
  };
}
