import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { BUSYBOX, listProcesses, waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { createSource } from './testing/create-source.js';
import { createTestNetwork, type TestNetwork } from './testing/create-test-network.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

/** Stands for the internet: an address that no machine has (RFC 5737). */
const INTERNET = '203.0.113.7';
const CLOSED = ['169.254.169.254', '10.96.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1'];

let network: TestNetwork;
let rack: TestRack;

test.before(async () => {
  network = await createTestNetwork([INTERNET, ...CLOSED]);
  rack = await startTestRack({ enter: network.enter, environment: { BUILD_ALLOWED_NETWORKS: '' } });
});

test.after.always(async () => {
  await rack?.stop();
  await network?.remove();
});

/** Asks a web server with no more than a static busybox has: its wget needs the resolver of a C library. */
const ASK = `ask() { printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 "$1" "$2"; }`;
const SERVE = 'mkdir /www; echo found > /www/index.html; httpd -p 8000 -h /www';

const run = promisify(execFile);

/** Runs a command on the rack's machine, where nothing is closed. */
async function runOnMachine(...words: string[]): Promise<string> {
  return (await run('env', [...network.enter, ...words])).stdout;
}

/** What a shell says of each target, all at once: `open` or `closed`, and the target. */
const probe = (targets: readonly string[]) =>
  `${ASK}; probe() { if ask "$@" | grep -q .; then echo "open $*"; else echo "closed $*"; fi; }; ${targets.map((target) => `probe ${target} & `).join('')}wait`;

const linesLike = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, found = '']) => found).toSorted();

test('promise 6: a RUN step reaches the internet, and neither its machine nor metadata nor private ranges', async (t) => {
  await rack.convox(['apps', 'create', 'fence']);
  const rackPort = new URL(rack.url).port;
  const own = linesLike(await runOnMachine('ip', '-4', '-o', 'address'), / inet ([0-9.]+)/g);
  t.true(
    own.some((address) => address.startsWith('10.213.')),
    'the gateway of RUN steps is among them',
  );
  const closed = [...own, ...CLOSED]
    .map((address) => `${address} 80`)
    .concat(`127.0.0.1 ${rackPort}`)
    .toSorted();
  const targets = [...closed, `${INTERNET} 80`];
  const seen = await runOnMachine(BUSYBOX, 'sh', '-c', probe(targets));
  t.deepEqual(linesLike(seen, /^open (.*)$/gm), targets.toSorted(), 'they all answer the machine itself');
  const source = await createSource(t, { Dockerfile: `FROM busybox\nRUN ${probe(targets)}\n` });
  const { code, stdout } = await rack.convox(['build', '--app', 'fence'], source);
  t.is(code, 0, stdout);
  t.deepEqual(linesLike(stdout, /\| open (.*)$/gm), [`${INTERNET} 80`]);
  t.deepEqual(linesLike(stdout, /\| closed (.*)$/gm), closed);
});

test('promise 6: what a build names is fetched from the internet, and from nowhere that is inward', async (t) => {
  await rack.convox(['apps', 'create', 'fetching']);
  const [inward = ''] = CLOSED;
  const redirect = `http://${INTERNET}/cgi-bin/redirect?`;
  const build = async (files: Readonly<Record<string, string>>) =>
    rack.convox(['build', '--app', 'fetching'], await createSource(t, files));
  const add = (source: string) => build({ Dockerfile: `FROM busybox\nADD ${source} /added\nRUN cat /added\n` });

  for (const source of [`http://${INTERNET}/`, `${redirect}${INTERNET}`]) {
    const { code, stdout } = await add(source);
    t.is(code, 0, stdout);
    t.regex(stdout, /\| found/, source);
  }
  const refused = [
    await add(`http://${inward}/`),
    await add(`http://127.0.0.1/`),
    await add(`http://${inward}/app.git`),
    await add(`git://${inward}/app.git`),
    await build({ Dockerfile: `FROM ${inward}/app:v1\n` }),
    await build({ 'convox.yml': `services:\n  web:\n    image: ${inward}/app:v1\n` }),
    await build({ 'convox.yml': `services:\n  web:\n    image: localhost:80/app:v1\n` }),
  ];
  for (const { code, stdout } of refused) {
    t.is(code, 1, stdout);
    t.regex(stdout, /is inside of the rack's network, which only its operator can open \(BUILD_ALLOWED_NETWORKS\)/);
    t.notRegex(stdout, /found/);
  }
  const { code, stdout } = await add(`${redirect}${inward}`);
  t.is(code, 1, stdout);
  t.regex(stdout, /invalid response status 403/);
});

test('promise 6: a RUN step does not reach the one of another build', async (t) => {
  // Where the kernel asks iptables about bridged frames too, the fence would hide that the ports are not isolated.
  const bridged = '/proc/sys/net/bridge/bridge-nf-call-iptables';
  await runOnMachine('sh', '-c', `[ ! -e ${bridged} ] || echo 0 > ${bridged}`);
  await rack.convox(['apps', 'create', 'listening']);
  await rack.convox(['apps', 'create', 'asking']);
  const listening = rack.start(
    ['build', '--app', 'listening'],
    await createSource(t, {
      Dockerfile: `FROM busybox
RUN ${ASK}; ${SERVE}; ip -4 -o addr; at=$(ip -4 -o addr | sed -n 's/.*inet \\(10[0-9.]*\\).*/\\1/p'); \\
  ask $at 8000; sleep 10
`,
    }),
  );
  await waitUntil(() => listening.output().includes('| found'), { what: 'a step answers at its own address' });
  const [, address = ''] = /inet (10\.213\.[0-9.]+)/.exec(listening.output()) ?? [];
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

test('promise 7: a secret of the app is in no log, no process list and no list of builds', async (t) => {
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

test('promise 6: a build cannot push to the repository of another app', async (t) => {
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
