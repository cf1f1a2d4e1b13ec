import { once } from 'node:events';
import type { Server } from 'node:http';

/** Stops taking requests and gives those that run `forceAfterMs` to end; then their connections are broken off. */
export async function closeServer(server: Server, { forceAfterMs }: { forceAfterMs: number }): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), forceAfterMs);
  await closed;
  clearTimeout(force);
}
