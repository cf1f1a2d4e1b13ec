import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { type FindAddress, HostError } from '@convox-builds/domain';
import { findFreePort } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { startFenceProxy } from './start-fence-proxy.js';

/** Where `outside.test` is, whatever a name server says. */
const findAddress: FindAddress = async ({ host }) => {
  if (host === 'outside.test') return '127.0.0.1';
  if (host === 'unknown.test') throw new HostError('not-found', 'there is no host');
  throw new HostError('refused', `"${host}" is inward`);
};

interface Seen {
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function start(t: ExecutionContext) {
  const seen: Seen[] = [];
  const server = createServer(async (asked, answer) => {
    seen.push({ url: asked.url, headers: asked.headers, body: await text(asked) });
    answer.writeHead(201, { 'x-said': 'yes' }).end('hello');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const proxy = await startFenceProxy(findAddress);
  t.teardown(async () => {
    await proxy.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { seen, proxy: new URL(proxy.url), place: `outside.test:${port}`, port };
}

/** Asks in clear, as through any proxy. */
async function ask(proxy: URL, url: string, body = '') {
  const asked = request(proxy, { method: 'POST', path: url, headers: { host: new URL(url).host }, agent: false });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return {
    status: answer.statusCode,
    reason: answer.statusMessage,
    said: answer.headers['x-said'],
    body: await text(answer),
  };
}

/** Opens a tunnel. */
async function open(proxy: URL, place: string) {
  const asked = request(proxy, { method: 'CONNECT', path: place, agent: false }).end();
  const [answer, socket] = (await once(asked, 'connect')) as [IncomingMessage, Socket];
  return { status: answer.statusCode, reason: answer.statusMessage, socket };
}

test('startFenceProxy() passes on what is asked in clear', async (t) => {
  const { seen, proxy, place } = await start(t);
  const answer = await ask(proxy, `http://${place}/a?b=c`, 'body');
  t.like(answer, { status: 201, said: 'yes', body: 'hello' });
  t.like(seen[0], { url: '/a?b=c', body: 'body', headers: { host: place } });
});

test('startFenceProxy() makes tunnels', async (t) => {
  const { proxy, place, port } = await start(t);
  const { status, socket } = await open(proxy, place);
  t.is(status, 200);
  socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  t.regex(await text(socket), /^HTTP\/1\.1 201 [^]*hello/);
});

test('promise 6: startFenceProxy() leads nobody inward, and says so', async (t) => {
  const { seen, proxy, port } = await start(t);
  const inward = `127.0.0.1:${port}`;
  t.like(await ask(proxy, `http://${inward}/`), { status: 403, reason: '"127.0.0.1" is inward' });
  t.like(await open(proxy, inward), { status: 403, reason: '"127.0.0.1" is inward' });
  t.deepEqual(seen, []);
});

test('promise 10: startFenceProxy() says of who cannot be reached what the daemon would say', async (t) => {
  const { proxy } = await start(t);
  t.like(await open(proxy, 'unknown.test:443'), { status: 502, reason: 'lookup unknown.test: no such host' });
  const port = await findFreePort();
  const reason = `dial tcp outside.test:${port}: connection refused`;
  t.like(await open(proxy, `outside.test:${port}`), { status: 502, reason });
  t.like(await ask(proxy, `http://outside.test:${port}/`), { status: 502, reason });
});

test('startFenceProxy() outlives nonsense and whoever breaks off', async (t) => {
  const { proxy, place } = await start(t);
  for (const line of ['GET / HTTP/1.1', 'CONNECT : HTTP/1.1', 'CONNECT outside.test:99999 HTTP/1.1', '\0']) {
    const socket = connect(Number(proxy.port), proxy.hostname);
    socket.end(`${line}\r\nHost: x\r\n\r\n`);
    await text(socket).catch(() => '');
  }
  (await open(proxy, place)).socket.destroy();
  t.is((await open(proxy, place)).status, 200);
});
