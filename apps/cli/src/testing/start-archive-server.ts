import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One request that was made. */
export interface ArchiveRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A rack that has nothing but archives. */
export interface ArchiveServer {
  readonly url: string;
  readonly requests: readonly ArchiveRequest[];
  readonly close: () => Promise<void>;
}

/** Starts a web server that answers as the test says, one function for each request; the last one repeats. */
export async function startArchiveServer(
  answers: readonly ((response: ServerResponse, request: ArchiveRequest) => void)[],
): Promise<ArchiveServer> {
  const requests: ArchiveRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    response.on('error', () => {});
    const seen = { method, url, headers, body: await buffer(request) };
    requests.push(seen);
    answers[Math.min(requests.length, answers.length) - 1]?.(response, seen);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://convox:x@127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
