import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';
import type { Environment } from '../environment.js';
import type { RackAddress } from '../rack/rack-address.js';
import { explainConnectionError } from './explain-connection-error.js';
import { RackError, rackErrorFromBody } from './rack-error.js';

const CONNECT_TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** One call of the Rack API. */
export interface RackRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the rack's prefix, already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Parameters of a urlencoded body. */
  readonly form?: Readonly<Record<string, string>>;
  /** Beside those that every call carries. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A raw body, sent chunk by chunk as it comes. */
  readonly stream?: Readable;
}

/** Talks HTTP to one rack. Connections are kept for the next call; {@link RackConnection.close} ends them. */
export interface RackConnection {
  readonly address: RackAddress;
  /** Headers that every call carries. */
  readonly headers: Readonly<Record<string, string>>;
  readonly isTlsUnverified: boolean;
  /**
   * Makes a call and gives the text of the answer.
   *
   * @throws {RackError} when the rack answers with a status from 400 on
   * @throws {UnreachableError} when there is no answer
   */
  call(request: RackRequest): Promise<string>;
  /** Makes a call and gives the answer as it begins; fails as {@link call} does. The caller reads it or destroys it. */
  open(request: RackRequest): Promise<IncomingMessage>;
  close(): void;
}

function contentType({ form }: RackRequest): string {
  return form === undefined ? 'application/octet-stream' : 'application/x-www-form-urlencoded';
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`the answer is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Sends the body and waits for the answer, whichever comes first: a rack may refuse an upload before it has read it all,
 * and then its answer counts, not the broken pipe.
 */
async function exchange(request: ClientRequest, { form, stream }: RackRequest): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).on('error', reject);
  });
  if (stream === undefined) {
    request.end(form === undefined ? undefined : new URLSearchParams({ ...form }).toString());
    return answered;
  }
  const { pipeline } = await import('node:stream/promises');
  // A failure of the source destroys the request with the same error, so `answered` reports it as it is.
  pipeline(stream, request).catch((error: Error) => request.destroy(error));
  return answered;
}

function limitConnectTime(request: ClientRequest): void {
  const timer = setTimeout(
    () => request.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
    CONNECT_TIMEOUT_MS,
  );
  request.once('close', () => clearTimeout(timer));
  request.once('socket', (socket) => {
    const clear = () => clearTimeout(timer);
    if (socket.connecting) socket.once('connect', clear);
    else clear();
  });
}

/** A source's own errors have no code; those that come from the connection, which break the source too, have one. */
function isSourceError(error: unknown, stream: Readable | undefined): boolean {
  return error instanceof Error && stream?.errored === error && !('code' in error);
}

interface Transport {
  readonly agent: Agent;
  readonly request: (url: string, options: RequestOptions) => ClientRequest;
}

/** Loads HTTP or HTTPS when there is something to say: to load them takes longer than all else at the start. */
async function loadTransport({ baseUrl }: RackAddress, isTlsUnverified: boolean): Promise<Transport> {
  if (baseUrl.startsWith('http:')) {
    const { Agent: HttpAgent, request } = await import('node:http');
    return { agent: new HttpAgent({ keepAlive: true }), request };
  }
  const { Agent: HttpsAgent, request } = await import('node:https');
  return { agent: new HttpsAgent({ keepAlive: true, rejectUnauthorized: !isTlsUnverified }), request };
}

/** Opens nothing yet: the first call connects. */
export function createRackConnection(address: RackAddress, environment: Environment): RackConnection {
  const { isTlsUnverified } = environment;
  let transport: Transport | undefined;
  const headers = {
    Accept: '*/*',
    'User-Agent': 'convox.go/dev',
    Version: 'dev',
    ...(address.authorization === undefined ? {} : { Authorization: address.authorization }),
    ...(environment.actor === undefined ? {} : { 'X-Convox-Actor': environment.actor }),
    ...(environment.traceparent === undefined ? {} : { traceparent: environment.traceparent }),
  };
  const exchangeWith = async <T>(
    wanted: RackRequest,
    read: (response: IncomingMessage) => T | Promise<T>,
  ): Promise<T> => {
    const url = `${address.baseUrl}${wanted.path}?${new URLSearchParams({ ...wanted.query }).toString()}`;
    transport ??= await loadTransport(address, isTlsUnverified);
    const options = {
      agent: transport.agent,
      method: wanted.method,
      headers: { ...headers, ...wanted.headers, 'Content-Type': contentType(wanted) },
    };
    const request = transport.request(url, options);
    limitConnectTime(request);
    try {
      const response = await exchange(request, wanted);
      const { statusCode = 500 } = response;
      if (statusCode < 400) return await read(response);
      throw rackErrorFromBody(statusCode, { body: await readText(response), origin: address.origin });
    } catch (error) {
      if (isSourceError(error, wanted.stream) || error instanceof RackError) throw error;
      throw explainConnectionError(address.baseUrl, error);
    } finally {
      wanted.stream?.destroy();
      if (!request.writableFinished) request.destroy();
    }
  };
  return {
    address,
    headers,
    isTlsUnverified,
    call: (wanted) => exchangeWith(wanted, readText),
    open: (wanted) => exchangeWith(wanted, (response) => response),
    close: () => transport?.agent.destroy(),
  };
}
