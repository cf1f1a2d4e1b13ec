import { createServer } from 'node:net';

const MAX_TRIES = 50;

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Finds a free port: the one that is wanted, or the next one. */
export async function findPort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + MAX_TRIES; port++) if (await isFree(port)) return port;
  throw new Error(`Cannot find a free port: ${wanted} to ${wanted + MAX_TRIES - 1} are all in use`);
}
