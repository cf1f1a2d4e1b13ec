import { once } from 'node:events';
import { createServer } from 'node:net';

import { machineAddress } from './machine-address.js';

/** What is outside of the cluster: the wire leads both addresses to the machine. */
export interface Outside {
  /** Address and port of somebody on the internet. */
  readonly internet: string;
  /** Address and port of the metadata of clouds. */
  readonly metadata: string;
  readonly close: () => void;
}

/** Has somebody answer on the internet, and at the metadata of clouds. */
export async function openOutside(): Promise<Outside> {
  const server = createServer((socket) => socket.end());
  server.listen(0, machineAddress());
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { internet: `203.0.113.1 ${port}`, metadata: `169.254.169.254 ${port}`, close: () => server.close() };
}
