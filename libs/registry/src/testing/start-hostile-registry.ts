import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A registry that does what a test says. */
export interface HostileRegistry {
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly requests: readonly IncomingMessage[];
  readonly stop: () => Promise<void>;
}

/** Starts a web server on which `answer` decides. */
export async function startHostileRegistry(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HostileRegistry> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    requests,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
