import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import test, { type ExecutionContext } from 'ava';

import { type Proxy, startProxy } from './proxy.js';

/** A server that says everything again, behind a proxy. */
async function startEcho(t: ExecutionContext): Promise<Proxy> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const proxy = await startProxy(typeof address === 'object' && address !== null ? address.port : 0);
  t.teardown(async () => {
    await proxy.close();
    server.close();
  });
  return proxy;
}

async function open(t: ExecutionContext, { port }: Proxy): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const untilClosed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

test('a proxy passes everything on, and delays it when told', async (t) => {
  const proxy = await startEcho(t);
  const socket = await open(t, proxy);
  t.is(await ask(socket, 'one'), 'one');
  proxy.slow({ delayMs: 100 });
  const askedAt = performance.now();
  t.is(await ask(socket, 'two'), 'two');
  t.true(performance.now() - askedAt >= 190, 'both ways');
});

test('connections that were silenced stay so; new ones are let through', async (t) => {
  const proxy = await startEcho(t);
  const old = await open(t, proxy);
  proxy.silence();
  t.is(await Promise.race([ask(old, 'old'), sleep(100, 'silence')]), 'silence');
  t.is(await ask(await open(t, proxy), 'fresh'), 'fresh');
  proxy.heal();
  t.is(await Promise.race([once(old, 'data'), sleep(100, 'silence')]), 'silence');
});

test('a frozen proxy accepts and is silent; what was sent comes out when it heals', async (t) => {
  const proxy = await startEcho(t);
  const old = await open(t, proxy);
  proxy.freeze();
  const fresh = await open(t, proxy);
  const answers = Promise.all([ask(old, 'old'), ask(fresh, 'fresh')]);
  t.is(await Promise.race([answers, sleep(100, 'silence')]), 'silence');
  proxy.heal();
  t.deepEqual(await answers, ['old', 'fresh']);
});

test('a cut resets what there is, a refusal what comes, too', async (t) => {
  const proxy = await startEcho(t);
  const cut = await open(t, proxy);
  t.is(await ask(cut, 'one'), 'one');
  const closed = untilClosed(cut);
  proxy.cut();
  await closed;
  t.is(await ask(await open(t, proxy), 'two'), 'two');
  proxy.refuse();
  await untilClosed(connect(proxy.port, '127.0.0.1').on('error', () => {}));
  proxy.heal();
  t.is(await ask(await open(t, proxy), 'three'), 'three');
});
