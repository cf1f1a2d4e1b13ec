import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import type { Health } from './create-health.js';
import type { Logger } from './create-logger.js';
import type { Metrics } from './create-metrics.js';

/** Options of {@link startHealthServer}. */
export interface HealthServerOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly health: Health;
  readonly metrics: Pick<Metrics, 'render'>;
  readonly logger: Logger;
}

/** The HTTP server of a process that has no other one. */
export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly contentType?: string;
}

type Pages = ReadonlyMap<string, () => Promise<Answer>>;

function createPages({ health, metrics }: HealthServerOptions): Pages {
  const ready = async () => {
    const { isReady, text } = await health.report();
    return { status: isReady ? 200 : 503, text };
  };
  return new Map<string, () => Promise<Answer>>([
    ['/health/live', async () => ({ status: 200, text: 'ok\n' })],
    ['/health/ready', ready],
    ['/metrics', async () => ({ status: 200, ...(await metrics.render()) })],
  ]);
}

async function answerTo({ method, url = '' }: IncomingMessage, pages: Pages): Promise<Answer> {
  const page = pages.get(url.replace(/\?.*$/, ''));
  if (page === undefined) return { status: 404, text: 'not found\n' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'only GET and HEAD\n' };
  return page();
}

function send(response: ServerResponse, { status, text, contentType = 'text/plain; charset=utf-8' }: Answer): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/**
 * Serves `/health/live` (the process answers), `/health/ready` (503 when something that it needs is not there) and `/metrics`,
 * on every address of the machine.
 *
 * There is no password: kubelet and Prometheus ask, the port is opened to them alone, and the answers name no app, no
 * build and no host.
 *
 * @throws {Error} when the port is taken
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const pages = createPages(options);
  const server = createServer((request, response) => {
    answerTo(request, pages).then(
      (answer) => send(response, answer),
      (error: unknown) => {
        options.logger.error({ err: error }, 'Cannot answer about our health');
        send(response, { status: 500, text: 'the log says why\n' });
      },
    );
  });
  server.listen(options.port);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
