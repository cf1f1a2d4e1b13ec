import { once } from 'node:events';
import { createServer, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { type FindAddress, HostError, type Place, placeOfUrl } from '@convox-builds/domain';

const parseUrl = (text: string) => (URL.canParse(text) ? new URL(text) : undefined);

const HOST = '127.0.0.1';
const CONNECT_WITHIN_MS = 30_000;

/** What the daemon would say itself, by which it is known whether it may pass. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  ABORT_ERR: 'i/o timeout',
};

/** The daemon's only way out. */
export interface FenceProxy {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Why nobody was reached: the daemon makes it the reason of the step that fails. */
interface Refusal {
  readonly status: number;
  readonly reason: string;
}

function refusalFrom(error: unknown, { host, port }: Place): Refusal {
  const say = (status: number, text: string) => ({ status, reason: text.replace(/[^\x20-\x7e]/g, '?') });
  if (error instanceof HostError && error.code === 'refused') return say(403, error.message);
  if (error instanceof HostError && error.code === 'not-found') return say(502, `lookup ${host}: no such host`);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  return say(502, `dial tcp ${host}:${port}: ${REASONS[code] ?? message}`);
}

async function reach(place: Place, findAddress: FindAddress): Promise<Socket> {
  const socket = connect({ host: await findAddress(place), port: place.port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_WITHIN_MS) });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** What comes in clear: the whole address is in its first line (RFC 9112, section 3.2.2). */
async function forward(
  { asked, place, url }: { asked: IncomingMessage; place: Place; url: URL },
  answer: ServerResponse,
  findAddress: FindAddress,
): Promise<void> {
  const socket = await reach(place, findAddress);
  const { 'proxy-connection': _, ...headers } = asked.headers;
  const sent = requestHttp({
    createConnection: () => socket,
    method: asked.method,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, connection: 'close' },
  });
  const [[received]] = (await Promise.all([once(sent, 'response'), pipeline(asked, sent)])) as [
    [IncomingMessage],
    void,
  ];
  answer.writeHead(received.statusCode ?? 502, received.headers);
  await pipeline(received, answer);
}

/** What comes with TLS: we see where it goes, and none of it (RFC 9110, section 9.3.6). */
async function tunnel(
  { client, head, place }: { client: Duplex; head: Buffer; place: Place },
  findAddress: FindAddress,
): Promise<void> {
  const server = await reach(place, findAddress);
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  server.write(head);
  await Promise.all([pipeline(client, server), pipeline(server, client)]);
}

/**
 * Starts the proxy that the daemon goes through to whatever is not the rack's own: each connection is to an address that was
 * checked, whether a Dockerfile, a redirect, a token server or a submodule has named its host. Programs of the machine may use
 * it, too; it leads them nowhere that they could not go.
 */
export async function startFenceProxy(findAddress: FindAddress): Promise<FenceProxy> {
  const server = createServer((asked, answer) => {
    const url = parseUrl(asked.url ?? '');
    if (url === undefined) return void answer.writeHead(400).end();
    const place = placeOfUrl(url);
    forward({ asked, place, url }, answer, findAddress).catch((error: unknown) => {
      if (answer.headersSent) return void answer.destroy();
      const { status, reason } = refusalFrom(error, place);
      answer.writeHead(status, reason).end(reason);
    });
  });
  server.on('connect', (asked: IncomingMessage, client: Duplex, head: Buffer) => {
    const url = parseUrl(`https://${asked.url}`);
    if (url === undefined) return void client.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const place = placeOfUrl(url);
    // Whoever breaks off is seen by the other side's end.
    client.on('error', () => {});
    tunnel({ client, head, place }, findAddress).catch((error: unknown) => {
      const { status, reason } = refusalFrom(error, place);
      client.end(`HTTP/1.1 ${status} ${reason}\r\n\r\n`);
    });
  });
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
