import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What goes wrong with one request. */
export type FrontFault =
  /** An answer instead of the server's. */
  | { readonly status: number; readonly body?: string }
  /** What the server answers to another path. */
  | { readonly insteadPath: string }
  /** The connection is reset when so many bytes of the answer have gone. */
  | { readonly cutAfterBytes: number }
  /** The request arrives and is done, and its answer never comes. */
  | { readonly isAnswerLost: true }
  /** Nothing comes any more when so many bytes of the answer have gone. */
  | { readonly freezeAfterBytes: number };

/** A request, as the front sees it. */
export interface FrontRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
}

/** The front of an HTTP server, that misbehaves. */
export interface FaultyFront {
  readonly url: string;
  /** What it has seen, in order. */
  readonly seen: readonly FrontRequest[];
  /** Chooses what goes wrong with the requests from now on, if anything. */
  readonly fail: (choose: (request: FrontRequest) => FrontFault | undefined) => void;
  readonly close: () => void;
}

function sendFaultily(response: IncomingMessage, answer: ServerResponse, fault: FrontFault | undefined): void {
  if (fault !== undefined && 'isAnswerLost' in fault) return void answer.socket?.resetAndDestroy();
  answer.writeHead(response.statusCode ?? 502, response.headers);
  if (fault === undefined || 'status' in fault || 'insteadPath' in fault) return void response.pipe(answer);
  let left = 'cutAfterBytes' in fault ? fault.cutAfterBytes : fault.freezeAfterBytes;
  response.on('data', (chunk: Buffer) => {
    if (left <= 0) return;
    const piece = chunk.subarray(0, left);
    left -= piece.length;
    answer.write(piece, () => {
      if (left === 0 && 'cutAfterBytes' in fault) answer.socket?.resetAndDestroy();
    });
  });
  response.on('end', () => {
    if (left > 0) answer.end();
  });
}

/** Starts a front on loopback. Requests go on as they came, their host too: signatures stay right. */
export async function startFaultyFront(target: string): Promise<FaultyFront> {
  const { hostname: host, port } = new URL(target);
  const seen: FrontRequest[] = [];
  let choose: (request: FrontRequest) => FrontFault | undefined = () => undefined;
  const server = createServer((client, answer) => {
    const { method = '', url: path = '', headers } = client;
    seen.push({ method, path });
    const fault = choose({ method, path });
    if (fault !== undefined && 'status' in fault) {
      client.resume();
      return void answer.writeHead(fault.status, { 'Content-Type': 'application/xml' }).end(fault.body ?? '');
    }
    const asked = fault !== undefined && 'insteadPath' in fault ? fault.insteadPath : path;
    const sent = { host, port, method, path: asked, headers };
    const onwards = request(sent, (response) => sendFaultily(response, answer, fault));
    onwards.on('error', () => answer.destroy());
    client.pipe(onwards);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    seen,
    fail: (next) => {
      choose = next;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
