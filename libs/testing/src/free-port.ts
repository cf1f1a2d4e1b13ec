import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that the kernel gives to outgoing connections: none of those can take it before its owner listens. */
const LOWEST = 20_000;
const ABOVE_HIGHEST = 32_000;
const TRIES = 100;

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Finds a TCP port of the loopback address that nobody listens on, also while another process looks for one. */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(LOWEST, ABOVE_HIGHEST);
    if (await canListen(port)) return port;
  }
  throw new Error('Cannot find a free port');
}
