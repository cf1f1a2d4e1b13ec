import { createServer } from 'node:net';

const MAX_TRIES = 50;
const MAX_PORT = 65_535;

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Finds free ports, each a different one: those from the wanted one on, without the ones in use.
 *
 * @throws {Error} when there are too few of them
 */
export async function findPorts(wanted: number, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = wanted; port < wanted + MAX_TRIES && port <= MAX_PORT; port++) {
    if (await isFree(port)) found.push(port);
    if (found.length === count) return found;
  }
  throw new Error(`Cannot find ${count} free ports: too few of those from ${wanted} on are free`);
}
