import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong with one request: an answer instead of the registry's, or a change of it. */
export interface RegistryFault {
  readonly status?: number;
  /** Breaks the connection off. */
  readonly isReset?: true;
  /** Of the registry's own answer. */
  readonly digest?: string;
  readonly delayMs?: number;
}

/** Chooses what goes wrong with a request, if anything. */
export type ChooseFault = (request: { readonly method: string; readonly path: string }) => RegistryFault | undefined;

/** A registry's front that misbehaves. */
export interface FaultyRegistry {
  readonly port: number;
  readonly close: () => void;
}

/** As the distribution specification names them. */
const CODES: Readonly<Record<number, string>> = { 401: 'UNAUTHORIZED', 403: 'DENIED', 429: 'TOOMANYREQUESTS' };

const errorBody = (status: number) =>
  JSON.stringify({ errors: [{ code: CODES[status] ?? 'UNKNOWN', message: 'a test wanted this to fail' }] });

/** Passes a request on as it came, its host too: the registry's redirections lead back here. */
function pass(client: IncomingMessage, answer: ServerResponse, target: URL, { digest }: RegistryFault): void {
  const { method, url: path, headers } = client;
  const onwards = request({ host: target.hostname, port: target.port, method, path, headers }, (response) => {
    const changed = digest === undefined ? {} : { 'docker-content-digest': digest };
    answer.writeHead(response.statusCode ?? 502, { ...response.headers, ...changed });
    response.pipe(answer);
  });
  onwards.on('error', () => answer.destroy());
  client.pipe(onwards);
}

/** Starts a front of a registry, on loopback. */
export async function startFaultyRegistry(url: string, choose: ChooseFault): Promise<FaultyRegistry> {
  const server = createServer(async (client, answer) => {
    const fault = choose({ method: client.method ?? '', path: client.url ?? '' }) ?? {};
    if (fault.isReset) return void client.socket.resetAndDestroy();
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault.status === undefined) return pass(client, answer, new URL(url), fault);
    client.resume();
    answer.writeHead(fault.status, { 'content-type': 'application/json' }).end(errorBody(fault.status));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
