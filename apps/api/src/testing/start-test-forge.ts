import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { EMULATED_FORGES, type ForgeCall, type ForgeState } from './emulated-forges.js';

/** Answers in place of the forge; `undefined`: it answers itself. */
export type Fault = (call: ForgeCall, response: ServerResponse) => 'answered' | undefined;

/** A forge that takes what its documentation has, and nothing else. */
export interface TestForge extends ForgeState {
  readonly apiUrl: string;
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** Every request: method, path. */
  readonly seen: readonly string[];
  readonly stop: () => Promise<void>;
}

/** How an emulated forge is. */
interface TestForgeOptions {
  readonly kind: keyof typeof EMULATED_FORGES;
  readonly token: string;
  readonly repository?: string;
  readonly commits: readonly string[];
  readonly fault?: Fault;
}

async function readCall(request: IncomingMessage): Promise<ForgeCall> {
  const url = new URL(request.url ?? '/', 'http://forge');
  const body = (await buffer(request)).toString('utf8');
  return {
    method: request.method ?? '',
    path: url.pathname.slice('/api'.length),
    query: url.searchParams,
    header: (name) => String(request.headers[name] ?? ''),
    json: body === '' ? undefined : JSON.parse(body),
  };
}

/** Starts an emulated forge, with one repository and its pull request 7. */
export async function startTestForge(options: TestForgeOptions): Promise<TestForge> {
  const { kind, token, repository = 'acme/shop', commits, fault = () => undefined } = options;
  const forge = EMULATED_FORGES[kind];
  const state: ForgeState = { repository, commits, pullRequest: 7, statuses: [], comments: [] };
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const call = await readCall(request);
    seen.push(`${call.method} ${call.path}`);
    if (fault(call, response) !== undefined) return;
    const isKnown = forge.isAuthorised(call, token);
    const [status, json] = isKnown
      ? (forge.answer(call, state) ?? [404, { message: 'Not Found' }])
      : forge.unauthorised;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    ...state,
    apiUrl: `http://${host}/api`,
    host,
    seen,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
