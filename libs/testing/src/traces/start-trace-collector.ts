import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { type CollectedSpan, parseSpans } from './parse-spans.js';

/** A collector of traces of a test's own: OTLP over HTTP, as protobuf. */
export interface TraceCollector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  /** What it got so far, in the order of coming. */
  readonly spans: () => readonly CollectedSpan[];
  /** Everything that it was sent, as it came: to look for what should not be there. */
  readonly received: () => Buffer;
  /** Of the last request. */
  readonly headers: () => IncomingHttpHeaders;
  /** Refuses what comes, with this status; 200: takes it again. */
  readonly answerWith: (status: number) => void;
  readonly requests: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts a collector on a free port of loopback, or on a given one. */
export async function startTraceCollector({ port = 0 } = {}): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const bodies: Buffer[] = [];
  let headers: IncomingHttpHeaders = {};
  let status = 200;
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests++;
    headers = request.headers;
    const body = await buffer(request);
    const isOurs = request.method === 'POST' && request.url === '/v1/traces';
    const isTaken = status === 200 && isOurs && headers['content-type'] === 'application/x-protobuf';
    if (isTaken) {
      bodies.push(body);
      spans.push(...parseSpans(body));
    }
    response.writeHead(isTaken ? 200 : status === 200 ? 400 : status).end();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${listening}`,
    spans: () => spans,
    received: () => Buffer.concat(bodies),
    headers: () => headers,
    answerWith: (next) => {
      status = next;
    },
    requests: () => requests,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
