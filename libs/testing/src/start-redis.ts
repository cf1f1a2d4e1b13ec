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

/** Starts the real redis-server, on a free port, with nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  const folder = await createTemporaryFolder();
  const port = await findFreePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction'];
  const service = await spawnService('redis-server', [...settings, '--dir', folder.path]);
  await waitUntil(() => isListening(port), { what: 'redis-server is up' });
  return {
    url: `redis://127.0.0.1:${port}`,
    service,
    stop: async () => {
      await service.stop('SIGKILL');
      await folder.remove();
    },
  };
}
