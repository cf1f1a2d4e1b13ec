import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

import type { TestCertificate } from './create-certificates.js';

/** What goes wrong with one request. */
export interface GitServerFault {
  /** Answered instead. */
  readonly status?: number;
  /** Together with a status. */
  readonly location?: string;
  readonly delayMs?: number;
  /** Breaks off after so many bytes of the answer. */
  readonly cutAfterBytes?: number;
  /** Sends the answer in small pieces, so many bytes a second. */
  readonly bytesPerSecond?: number;
}

/** A request as the server saw it. */
export interface SeenGitRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
}

/** A git server over HTTP: git's own, `git http-backend`. */
export interface TestGitServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, or `https:` */
  readonly url: string;
  readonly seen: readonly SeenGitRequest[];
  /** Chooses what goes wrong with requests from now on. */
  readonly fail: (choose: (request: SeenGitRequest) => GitServerFault | undefined) => void;
  readonly stop: () => Promise<void>;
}

/** How the server is set. */
export interface GitServerOptions {
  /** Its repositories: `<folder>/<name>.git`. */
  readonly folder: string;
  /** `user:password`; without it everybody may read. */
  readonly login?: string;
  /** Settings of git on the server's side. */
  readonly config?: Readonly<Record<string, string>>;
  /** With it, TLS is spoken. */
  readonly certificate?: TestCertificate;
  /** Answers what is no matter of git, behind the login; `false`: it is one. */
  readonly answer?: (request: IncomingMessage, answer: ServerResponse) => boolean;
}

function cgiEnvironment(request: IncomingMessage, { folder, config = {} }: GitServerOptions): Record<string, string> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  const settings = Object.entries({ 'uploadpack.allowFilter': 'true', ...config });
  return {
    PATH: process.env['PATH'] ?? '',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    GIT_PROJECT_ROOT: folder,
    GIT_HTTP_EXPORT_ALL: '1',
    REMOTE_ADDR: '127.0.0.1',
    REQUEST_METHOD: request.method ?? 'GET',
    PATH_INFO: decodeURIComponent(pathname),
    QUERY_STRING: searchParams.toString(),
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
  };
}

/** Sends what a CGI program (RFC 3875) answers: its header lines, then the rest as it comes. */
async function sendAnswer(output: AsyncIterable<Buffer>, answer: ServerResponse, fault: GitServerFault): Promise<void> {
  const { cutAfterBytes = Number.POSITIVE_INFINITY, bytesPerSecond } = fault;
  let head = Buffer.alloc(0);
  let sent = 0;
  const send = async (bytes: Buffer) => {
    const size = bytesPerSecond === undefined ? bytes.length : Math.max(1, Math.floor(bytesPerSecond / 10));
    for (let at = 0; at < bytes.length && !answer.destroyed; at += size) {
      const piece = bytes.subarray(at, Math.min(at + size, at + cutAfterBytes - sent));
      sent += piece.length;
      await new Promise<void>((resolve) => answer.write(piece, () => resolve()));
      if (sent >= cutAfterBytes) return void answer.socket?.destroy();
      if (bytesPerSecond !== undefined) await sleep(100);
    }
  };
  for await (const piece of output) {
    if (answer.destroyed) return;
    if (answer.headersSent) {
      await send(piece);
      continue;
    }
    head = Buffer.concat([head, piece]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const lines = head.toString('latin1', 0, end).split('\r\n');
    const headers = lines.map(
      (line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const,
    );
    const status = Number(headers.find(([name]) => name === 'Status')?.[1].slice(0, 3) ?? 200);
    answer.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== 'Status')));
    await send(head.subarray(end + 4));
  }
  answer.end();
}

async function answerRequest(
  request: IncomingMessage,
  answer: ServerResponse,
  { options, fault }: { options: GitServerOptions; fault: GitServerFault },
): Promise<void> {
  const { login } = options;
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.status !== undefined) {
    const location = fault.location === undefined ? {} : { location: fault.location };
    return void answer.writeHead(fault.status, location).end('a test wanted this to fail');
  }
  const wanted = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  if (wanted !== undefined && request.headers.authorization !== wanted) {
    return void answer.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  }
  if (options.answer?.(request, answer) === true) return;
  const backend = spawn('git', ['http-backend'], {
    env: cgiEnvironment(request, options),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  answer.on('close', () => backend.kill());
  backend.stdin.on('error', () => {});
  request.pipe(backend.stdin);
  await sendAnswer(backend.stdout, answer, fault);
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts a git server on loopback that can be told to misbehave. */
export async function startGitServer(options: GitServerOptions): Promise<TestGitServer> {
  const seen: SeenGitRequest[] = [];
  let choose: (request: SeenGitRequest) => GitServerFault | undefined = () => undefined;
  const { certificate } = options;
  const listener: RequestListener = (request, answer) => {
    const { method = '', url: path = '', headers } = request;
    const asked = { method, path, authorization: headers.authorization ?? '' };
    seen.push(asked);
    answerRequest(request, answer, { options, fault: choose(asked) ?? {} }).catch(() => answer.destroy());
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  const port = await listen(server);
  return {
    port,
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    seen,
    fail: (next) => {
      choose = next;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
