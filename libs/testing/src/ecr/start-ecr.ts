import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

import { startRegistry } from '../start-registry.js';
import { findRefusal, type RegistryRules } from './find-refusal.js';
import { REGION, startMoto, type TestRepository } from './start-moto.js';

const MINUTE_MS = 60_000;
const ACCESS_KEY_ID = 'AKIATESTKEY';
/** Never to be seen in an error, a log or a list. */
const SECRET_ACCESS_KEY = 'test-secret-of-aws-that-nobody-may-see';

/** An ECR of a test's own: control plane and registry under one address. */
export interface TestEcr {
  /** `127.0.0.1:port`, plain HTTP. */
  readonly host: string;
  /** The environment variables by which a process of ours finds it, and is somebody there. */
  readonly environment: Readonly<Record<string, string>>;
  /** URL of the imitation of AWS behind it, which has STS, too. */
  readonly motoUrl: string;
  /** Host of the registry behind it, which lets everybody in. */
  readonly openHost: string;
  /** What the control plane was asked, in order. */
  readonly asked: readonly string[];
  /** Ids of the access keys with which that was asked. */
  readonly askedWith: readonly string[];
  /** How often somebody came to the registry with a password that had run out. */
  readonly countExpired: () => number;
  /** Is told of each request to the registry, before it is looked at. */
  readonly watch: (onRequest: (request: { method: string; path: string }) => void) => void;
  /** Has all passwords run out that were given out so far. */
  readonly expirePasswords: () => void;
  readonly findRepository: (name: string) => Promise<TestRepository | undefined>;
  readonly askMoto: (action: string, input: object) => Promise<object>;
  /** Chooses what the control plane says instead of its answer from now on: the name of an error of AWS. */
  readonly fail: (choose: (action: string) => string | undefined) => void;
  readonly stop: () => Promise<void>;
}

/** How an ECR is otherwise than that of AWS. */
export interface TestEcrOptions {
  /** How long passwords last; default a minute. */
  readonly passwordLivesMs?: number;
}

/** What an ECR has. */
interface EcrState extends RegistryRules {
  readonly passwords: Map<string, number>;
  readonly passwordLivesMs: number;
  readonly motoHost: string;
  readonly asked: string[];
  readonly askedWith: string[];
  expired: number;
  choose: (action: string) => string | undefined;
  onRequest: (request: { method: string; path: string }) => void;
}

function sendJson(answer: ServerResponse, status: number, body: object): void {
  answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}

/** Its name goes with it: the registry tells places of uploads by it. */
function forward(client: IncomingMessage, answer: ServerResponse, host: string): void {
  const [hostname, port] = host.split(':');
  const { method, url: path, headers } = client;
  const onwards = request({ hostname, port, method, path, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  onwards.on('error', () => answer.destroy());
  client.pipe(onwards);
}

function answerControlPlane(client: IncomingMessage, answer: ServerResponse, state: EcrState): void {
  const action = String(client.headers['x-amz-target']).split('.')[1] ?? '';
  state.asked.push(action);
  state.askedWith.push(/Credential=(\w+)\//.exec(client.headers.authorization ?? '')?.[1] ?? '');
  const failure = state.choose(action);
  if (failure === undefined && action !== 'GetAuthorizationToken') return forward(client, answer, state.motoHost);
  client.resume();
  if (failure !== undefined) return sendJson(answer, 400, { __type: failure, message: 'as the test wants' });
  const authorizationToken = Buffer.from(`AWS:${randomUUID()}`).toString('base64');
  const expiresAt = Date.now() + state.passwordLivesMs;
  state.passwords.set(authorizationToken, expiresAt);
  return sendJson(answer, 200, { authorizationData: [{ authorizationToken, expiresAt: expiresAt / 1000 }] });
}

async function answerRegistry(client: IncomingMessage, answer: ServerResponse, state: EcrState): Promise<void> {
  state.onRequest({ method: client.method ?? '', path: client.url ?? '' });
  const refusal = await findRefusal(client, state);
  if (refusal === undefined) return forward(client, answer, state.openHost);
  const { status, code, message } = refusal;
  if (status === 403) state.expired += 1;
  client.resume();
  if (status === 401)
    answer.setHeader('www-authenticate', 'Basic realm="https://ecr.example/",service="ecr.amazonaws.com"');
  return sendJson(answer, status, { errors: [{ code, message }] });
}

/**
 * Starts an ECR: a real registry behind a door that lets in who has a password that ECR gave out and that has not run out;
 * moto behind a door that gives out passwords. As at AWS, a repository has to be there before something is pushed to it, and a
 * password that ran out is answered with 403.
 */
export async function startEcr({ passwordLivesMs = MINUTE_MS }: TestEcrOptions = {}): Promise<TestEcr> {
  const [moto, registry] = await Promise.all([startMoto(), startRegistry()]);
  const { host: openHost } = registry;
  const told = { choose: () => undefined, onRequest: () => {} };
  const counts = { asked: [], askedWith: [], expired: 0 };
  const places = { moto, motoHost: new URL(moto.url).host, openHost };
  const state: EcrState = { ...told, ...counts, ...places, passwords: new Map(), passwordLivesMs };
  const server = createServer((client, answer) => {
    if (client.headers['x-amz-target'] !== undefined) answerControlPlane(client, answer, state);
    else answerRegistry(client, answer, state).catch(() => answer.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    host,
    openHost,
    environment: {
      REGISTRY_HOST: host,
      REGISTRY_PLAIN_HTTP: 'true',
      ECR_ENDPOINT: `http://${host}`,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
    },
    asked: state.asked,
    askedWith: state.askedWith,
    motoUrl: moto.url,
    countExpired: () => state.expired,
    watch: (onRequest) => void Object.assign(state, { onRequest }),
    expirePasswords: () => {
      for (const password of state.passwords.keys()) state.passwords.set(password, 0);
    },
    findRepository: moto.findRepository,
    askMoto: async (action, input) => (await moto.ask(action, input)).body,
    fail: (choose) => void Object.assign(state, { choose }),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await Promise.all([moto.stop(), registry.stop()]);
    },
  };
}
