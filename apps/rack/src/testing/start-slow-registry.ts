import { once } from 'node:events';
import { createServer, request } from 'node:http';

/** A registry behind a door. */
export interface SlowRegistry {
  /** `127.0.0.1:port`, plain HTTP. */
  readonly host: string;
  /** How many blobs were asked for. */
  readonly countBlobs: () => number;
  /** Lets all blobs through from now on. */
  readonly open: () => void;
  readonly stop: () => Promise<void>;
}

/** Starts a door before a registry: of each blob only the first byte comes, until it is opened. */
export async function startSlowRegistry(registryHost: string): Promise<SlowRegistry> {
  let blobs = 0;
  let isOpen = false;
  const [host, port] = registryHost.split(':');
  const server = createServer((asked, answer) => {
    const { method, url, headers } = asked;
    const isBlob = method === 'GET' && url?.includes('/blobs/') === true;
    if (isBlob) blobs += 1;
    const forwarded = request({ host, port, method, path: url, headers }, (found) => {
      answer.writeHead(found.statusCode ?? 502, found.headers);
      if (!isBlob || isOpen) found.pipe(answer);
      else found.once('data', (piece: Buffer) => answer.write(piece.subarray(0, 1)));
    });
    forwarded.on('error', () => answer.destroy());
    asked.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    countBlobs: () => blobs,
    open: () => {
      isOpen = true;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
