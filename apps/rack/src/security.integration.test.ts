import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';

import { waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { createSource } from './testing/create-source.js';
import { listProcesses } from './testing/list-processes.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;

test.before(async () => {
  rack = await startTestRack();
});

test.after.always(() => rack?.stop());

/** A server on every address of this machine, which counts who comes. */
async function startCanary(t: ExecutionContext): Promise<{ port: number; visits: () => number }> {
  let visits = 0;
  const server = createServer((_, response) => {
    visits++;
    response.end('reached');
  });
  server.on('connection', () => visits++);
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  t.teardown(() => void server.close());
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, visits: () => visits };
}

const ownAddresses = () =>
  Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).flatMap(({ family, address }) => (family === 'IPv4' ? [address] : [])),
  );

/** Asks a web server with no more than a static busybox has: its wget needs the resolver of a C library. */
const ASK = `ask() { printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 "$1" "$2"; }; mkdir /www; echo found > /www/index.html`;

test('a RUN step reaches neither this machine nor the metadata address nor private ranges', async (t) => {
  await rack.convox(['apps', 'create', 'fence']);
  const { port, visits } = await startCanary(t);
  const rackPort = new URL(rack.url).port;
  const near = ownAddresses().flatMap((address) => [`${address} ${port}`, `${address} ${rackPort}`]);
  t.true(
    near.some((address) => address.startsWith('10.213.')),
    'the gateway of RUN steps is among them',
  );
  const targets = [...near, '169.254.169.254 80', '10.96.0.1 443', '192.168.0.1 80', `127.0.0.1 ${rackPort}`];
  const source = await createSource(t, {
    Dockerfile: `FROM busybox
RUN ${ASK}; httpd -p 8000 -h /www; ask 127.0.0.1 8000
RUN ${ASK}; ${targets.map((target) => `if ask ${target} | grep -q .; then echo REACH""ED ${target}; else echo "not reached"; fi`).join('; ')}
`,
  });
  const { code, stdout } = await rack.convox(['build', '--app', 'fence'], source);
  t.is(code, 0, stdout);
  t.regex(stdout, /\| found/, 'the step can ask at all');
  t.notRegex(stdout, /REACHED/);
  t.is(stdout.match(/\| not reached/g)?.length, targets.length);
  t.is(visits(), 0);
  t.is(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'reached');
});

test('a RUN step does not reach the one of another build', async (t) => {
  await rack.convox(['apps', 'create', 'listening']);
  await rack.convox(['apps', 'create', 'asking']);
  const listening = rack.start(
    ['build', '--app', 'listening'],
    await createSource(t, {
      Dockerfile: `FROM busybox
RUN ${ASK}; httpd -p 8000 -h /www; ip -4 -o addr; at=$(ip -4 -o addr | sed -n 's/.*inet \\(10[0-9.]*\\).*/\\1/p'); \\
  ask $at 8000; sleep 10
`,
    }),
  );
  await waitUntil(() => listening.output().includes('| found'), { what: 'a step answers at its own address' });
  const [, address = ''] = /inet (10\.213\.[0-9.]+)/.exec(listening.output()) ?? [];
  t.not(address, '');
  const { code, stdout } = await rack.convox(
    ['build', '--app', 'asking'],
    await createSource(t, { Dockerfile: `FROM busybox\nRUN ${ASK}; ask ${address} 8000; echo asked\n` }),
  );
  t.is(code, 0, stdout);
  t.regex(stdout, /\| asked/);
  t.notRegex(stdout, /\| found/);
  t.is(await listening.ended.then((end) => end.code), 0);
});

const SECRET = 'canary-5ae1c0ffee';

test('a secret of the app is in no log, no process list and no list of builds', async (t) => {
  await rack.convox(['apps', 'create', 'discreet']);
  await rack.convox(['env', 'set', `TOKEN=${SECRET}`, '--app', 'discreet']);
  const source = await createSource(t, {
    Dockerfile: 'FROM busybox\nARG TOKEN\nRUN echo "token $TOKEN"; for i in 1 2 3; do sleep 1; done; exit 4\n',
  });
  const build = rack.start(['build', '--app', 'discreet'], source);
  await waitUntil(() => build.output().includes('| token'), { what: 'the step runs' });
  const seen = listProcesses(rack.folder).map(({ commandLine }) => commandLine);
  t.true(seen.length >= 5);
  t.false(seen.some((commandLine) => commandLine.includes(SECRET)));
  const { code, stdout, stderr } = await build.ended;
  t.is(code, 1);
  t.regex(stdout, /\| token \*+\n/);
  const [{ id } = { id: '' }] = await rack.json<{ id: string }[]>('builds', '--app', 'discreet');
  const answers = await Promise.all([
    rack.convox(['builds', '--app', 'discreet', '--json']),
    rack.convox(['builds', 'info', id, '--app', 'discreet', '--json']),
    rack.convox(['builds', 'logs', id, '--app', 'discreet']),
    rack.convox(['releases', '--app', 'discreet', '--json']),
  ]);
  for (const text of [stdout, stderr, ...answers.map((end) => end.stdout)]) t.false(text.includes(SECRET), text);
  t.false(rack.service.output().includes(SECRET));
});

test('a build cannot push to the repository of another app', async (t) => {
  await rack.convox(['apps', 'create', 'victim']);
  await rack.convox(['apps', 'create', 'thief']);
  const dockerfile = 'FROM busybox\nRUN echo mine > /mine\n';
  await rack.convox(['build', '--app', 'victim'], await createSource(t, { Dockerfile: dockerfile }));
  const [build] = await rack.json<{ id: string }[]>('builds', '--app', 'victim');
  const { code, stdout } = await rack.convox(
    ['build', '--app', 'thief'],
    await createSource(t, { Dockerfile: `FROM ${rack.registryHost}/victim:web.${build?.id}\nRUN cat /mine\n` }),
  );
  t.is(code, 1, 'nor read from it');
  t.notRegex(stdout, /\| mine/);
});
