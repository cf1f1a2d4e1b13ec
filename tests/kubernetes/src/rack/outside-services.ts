import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import { findFreePort, preparePostgres, startRedis, startRegistry, startS3 } from '@convox-builds/testing';

import { machineAddress } from '../cluster/machine-address.js';

/** What a rack uses that is not in its cluster. */
export interface OutsideServices {
  /** Where the cluster finds the machine. */
  readonly address: string;
  readonly ports: readonly number[];
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly registry: string;
  readonly s3: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** Lets the cluster at a server of the machine, under the same port; gives what shuts it out again. */
async function letIn(address: string, port: number): Promise<() => Promise<void>> {
  const server = createServer((socket) => {
    const inner = connect(port, '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    for (const [one, other] of [
      [socket, inner],
      [inner, socket],
    ] as const)
      one.on('error', () => other.destroy());
  });
  server.listen(port, address);
  await once(server, 'listening');
  return async () => {
    server.close();
  };
}

const portOf = (url: string) => Number(new URL(url).port);

/** Starts the services of a rack on the machine: real ones, outside of the cluster. */
export async function startOutsideServices(): Promise<OutsideServices> {
  const address = machineAddress();
  const postgres = await preparePostgres({ port: await findFreePort() });
  const running = await postgres.start();
  const [redis, registry, s3] = await Promise.all([startRedis(), startRegistry(), startS3()]);
  const ports = [portOf(postgres.url), portOf(redis.url), portOf(`http://${registry.host}`), s3.port];
  const doors = await Promise.all(ports.map((port) => letIn(address, port)));
  const outside = (text: string) => text.replace('127.0.0.1', address);
  return {
    address,
    ports,
    databaseUrl: outside(postgres.url),
    redisUrl: outside(redis.url),
    registry: outside(registry.host),
    s3: Object.fromEntries(Object.entries(s3.environment).map(([name, value]) => [name, outside(value)])),
    stop: async () => {
      await Promise.all(doors.map((shut) => shut()));
      await Promise.all([running.stop('SIGKILL'), redis.stop(), registry.stop(), s3.stop()]);
      await postgres.remove();
    },
  };
}
