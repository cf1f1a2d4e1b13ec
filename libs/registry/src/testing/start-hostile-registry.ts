import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import type { ExecutionContext } from 'ava';

/** A registry that does what a test says. */
export interface HostileRegistry {
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly requests: readonly IncomingMessage[];
}

/** Starts a web server on which `answer` decides, until the test ends. */
export async function startHostileRegistry(
  t: ExecutionContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HostileRegistry> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  const address = server.address();
  return { host: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, requests };
}
