import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createSource } from './testing/create-source.js';
import { runConvox } from './testing/run-convox.js';
import { startShop } from './testing/start-shop.js';

test('convox apps: creates, lists, shows and deletes', async (t) => {
  const { convox } = await startShop(t);
  t.deepEqual(await convox('apps', 'create', 'blog'), { code: 0, stdout: 'Creating blog... OK\n', stderr: '' });
  t.is((await convox('apps')).stdout, 'APP   STATUS   RELEASE\nshop  running  \nblog  running  \n');
  t.is(
    (await convox('apps', 'info', '-a', 'blog')).stdout,
    'Name        blog\nStatus      running\nGeneration  2\nLocked      false\nRelease     \n',
  );
  t.is((await convox('apps', 'delete', 'blog')).stdout, 'Deleting blog... OK\n');
  t.deepEqual(await convox('apps', 'info', 'blog'), { code: 1, stdout: '', stderr: 'ERROR: app not found: blog\n' });
});

test('convox builds: a table with the full state, a limit only when given', async (t) => {
  const { rack, convox } = await startShop(t);
  const minuteAgo = new Date(Date.now() - 61_000);
  const common = { app: 'shop', release: '', description: 'build abc', started: minuteAgo.toISOString() };
  rack.builds.push(
    {
      ...common,
      id: 'BAAAAAAAAAA',
      status: 'failed',
      state: 'cancelled',
      ended: new Date(minuteAgo.getTime() + 17_500).toISOString(),
    },
    {
      ...common,
      id: 'BBBBBBBBBBB',
      status: 'created',
      started: '0001-01-01T00:00:00Z',
      ended: '0001-01-01T00:00:00Z',
      release: 'R',
    },
  );
  t.is(
    (await convox('builds', '-a', 'shop')).stdout,
    [
      'ID           STATUS     RELEASE  STARTED       ELAPSED  DESCRIPTION',
      'BAAAAAAAAAA  cancelled           1 minute ago  17s      build abc',
      'BBBBBBBBBBB  created    R                               build abc\n',
    ].join('\n'),
  );
  await convox('builds', '-a', 'shop', '-l', '5');
  t.deepEqual(
    rack.seen.map(({ query }) => query),
    [{}, { limit: '5' }],
  );
});

test('convox builds info: the reason comes after the status', async (t) => {
  const { rack, convox } = await startShop(t);
  rack.builds.push({
    id: 'BA',
    status: 'failed',
    reason: 'no disk',
    started: '2026-01-01T00:00:00Z',
    ended: '2026-01-01T01:03:12Z',
  });
  const { stdout } = await convox('builds', 'info', 'BA', '-a', 'shop');
  t.regex(
    stdout,
    /^Id {11}BA\nStatus {7}failed\nReason {7}no disk\nRelease {6}\nDescription {2}\nStarted {6}.* ago\nElapsed {6}63m12s\n$/,
  );
});

test('convox builds info: attempts that were given up, and the place in the queue', async (t) => {
  const { rack, convox } = await startShop(t);
  const first = { attempt: 1, worker: 'one/1', outcome: 'queued', reason: 'the registry is away' };
  const attempts = [
    { ...first, started: '2026-01-01T00:00:00Z', ended: '2026-01-01T00:00:05Z' },
    { ...first, attempt: 2, started: '2026-01-01T00:01:00Z', ended: '2026-01-01T00:02:05Z' },
  ];
  const queue = { position: 3, expected: 90, why: 'all 4 build slots are taken' };
  // Its state is looked at, and moves on, when it is asked for.
  rack.builds.push({ id: 'BA', status: 'failed', state: 'queued', attempts, queue });
  const { stdout } = await convox('builds', 'info', 'BA', '-a', 'shop');
  const [place, ...rows] = stdout.trimEnd().split('\n').slice(-3);
  t.regex(place ?? '', /^Queue +position 3, starts in about 1m30s \(all 4 build slots are taken\)$/);
  t.regex(rows[0] ?? '', /^Attempt 1 +given up, on one\/1, 5s: the registry is away$/);
  t.regex(rows[1] ?? '', /^Attempt 2 +given up, on one\/1, 1m5s: the registry is away$/);
});

test('convox builds logs: prints 20 MB byte for byte', async (t) => {
  const log = Buffer.from('0123456789 äöü\n'.repeat(1_200_000));
  const { rack, convox } = await startShop(t, { log });
  rack.builds.push({ id: 'BA', status: 'complete', state: 'complete' });
  const { code, stdout } = await convox('builds', 'logs', 'BA', '-a', 'shop');
  t.is(code, 0);
  t.true(Buffer.from(stdout).equals(log));
});

test('convox builds logs: a log whose end cannot be had is an error', async (t) => {
  const { rack, convox } = await startShop(t, {
    log: Buffer.from('first\nsecond\n'),
    logScripts: [{ upTo: 6, end: 'break' }],
  });
  rack.builds.push({ id: 'BA', status: 'complete', state: 'complete' });
  const { code, stdout, stderr } = await convox('builds', 'logs', 'BA', '-a', 'shop');
  t.deepEqual([code, stdout], [1, 'first\n']);
  t.regex(stderr, /^ERROR: the log of build BA is incomplete: /);
});

test('convox builds logs --json: one document', async (t) => {
  const log = Buffer.from('"quoted"\n\ttab €\n');
  const { rack, convox } = await startShop(t, { log });
  rack.builds.push({ id: 'BA', status: 'complete', state: 'complete' });
  const { stdout } = await convox('builds', 'logs', 'BA', '-a', 'shop', '--json');
  t.deepEqual(JSON.parse(stdout), { id: 'BA', log: log.toString() });
});

test('convox builds logs: an unknown build is an error, though its socket would open', async (t) => {
  const { convox } = await startShop(t);
  const result = await convox('builds', 'logs', 'BNONE', '-a', 'shop');
  t.deepEqual(result, { code: 1, stdout: '', stderr: 'ERROR: build not found: BNONE\n' });
});

test('convox builds cancel: asks the rack, or says that it is too old', async (t) => {
  const { rack, convox } = await startShop(t);
  rack.builds.push({ id: 'BA', status: 'running', state: 'running' });
  t.is((await convox('builds', 'cancel', 'BA', '-a', 'shop')).stdout, 'Cancelling build BA... OK\n');
  t.is(rack.builds[0]?.state, 'cancelled');
  const old = await startShop(t, { intercept: () => ({ status: 404, body: '' }) });
  t.is(
    (await old.convox('builds', 'cancel', 'BA', '-a', 'shop')).stderr,
    'ERROR: this rack is too old to cancel builds\n',
  );
});

test('convox builds prune: deletes until nothing is left to delete, and says what it keeps', async (t) => {
  const answers = [1000, 1, 0].map((count) => Array.from({ length: count }, () => ({ id: 'BA', status: 'failed' })));
  const forms: unknown[] = [];
  const { convox } = await startShop(t, {
    intercept: ({ path, form }) => {
      if (!path.endsWith('/builds/prune')) return undefined;
      forms.push(form);
      return { status: 200, body: JSON.stringify(answers.shift()) };
    },
  });
  const { stdout } = await convox('builds', 'prune', '-a', 'shop', '--keep', '5');
  t.true(stdout.startsWith('Deleting old builds... OK, 1001 deleted\nID '), stdout.slice(0, 80));
  const dry = await convox('builds', 'prune', '-a', 'shop', '--days', '30', '--dry-run');
  t.is(dry.stdout.split('\n')[0], 'Looking for old builds... OK, 0 would be deleted');
  t.deepEqual(forms, [{ keep: '5' }, { keep: '5' }, { days: '30', 'dry-run': 'true' }]);
  const bare = await convox('builds', 'prune', '-a', 'shop');
  t.deepEqual(bare, {
    code: 1,
    stdout: '',
    stderr: 'ERROR: say what is kept: --keep <count>, --days <days> or both\n',
  });
});

test('convox builds cancel: takes several, and tells which could not be cancelled', async (t) => {
  const { rack, convox } = await startShop(t);
  for (const id of ['BA', 'BB', 'BC']) rack.builds.push({ id, status: 'running', state: 'running' });
  const { code, stdout, stderr } = await convox('builds', 'cancel', 'BA', 'BX', 'BB', '-a', 'shop');
  t.is(stdout, 'Cancelling build BA... OK\nCancelling build BX... \nCancelling build BB... OK\n');
  t.is(stderr, 'ERROR: 1 of 3 builds could not be cancelled: build not found: BX\n');
  t.is(code, 1);
  t.deepEqual(
    rack.builds.map(({ state }) => state),
    ['cancelled', 'cancelled', 'running'],
  );
  const both = await convox('builds', 'cancel', 'BA', 'BC', '-a', 'shop', '--json');
  t.like(JSON.parse(both.stdout), [{ id: 'BA' }, { id: 'BC', state: 'cancelled' }]);
});

/** A rack that takes a while to promote, and then says how it went. */
async function startSlowShop(t: ExecutionContext, { polls, end }: { polls: number; end: object }) {
  let left = polls;
  const shop = await startShop(t, {
    intercept: ({ method, path }) => {
      if (path === '/apps/shop/promotions')
        return { status: 200, body: JSON.stringify([{ release: 'RNEW', state: 'failed', reason: 'no room' }]) };
      if (path === '/apps/shop/releases/RNEW/promote') left = polls - 1;
      if (method !== 'GET' || path !== '/apps/shop' || left === polls) return undefined;
      left -= 1;
      if (left === 1) return { status: 503, body: 'restarting' };
      const app = left > 0 ? { status: 'updating', release: 'ROLD' } : end;
      return { status: 200, body: JSON.stringify({ name: 'shop', ...app }) };
    },
  });
  shop.rack.addRelease({ id: 'RNEW' });
  return shop;
}

test('convox releases promote: waits for a slow promotion', async (t) => {
  const { convox } = await startSlowShop(t, { polls: 4, end: { status: 'running', release: 'RNEW' } });
  const { code, stdout } = await convox('releases', 'promote', 'RNEW', '-a', 'shop');
  t.deepEqual([code, stdout], [0, 'Promoting RNEW...\nOK\n']);
});

test('convox releases promote: a failed promotion is a rollback, with its reason', async (t) => {
  const { convox } = await startSlowShop(t, { polls: 4, end: { status: 'running', release: 'ROLD' } });
  const result = await convox('releases', 'promote', 'RNEW', '-a', 'shop');
  const stdout = 'Promoting RNEW...\nPromotion failed: no room\n';
  t.deepEqual(result, { code: 1, stdout, stderr: 'ERROR: rollback\n' });
});

test('convox releases: marks the active one; promote without an id takes the latest', async (t) => {
  const { rack, convox } = await startShop(t);
  t.is((await convox('releases', 'promote', '-a', 'shop')).stderr, 'ERROR: no releases to promote\n');
  rack.addRelease({
    id: 'ROLD',
    build: 'BA',
    description: 'one',
    env: 'A=1\nB=2',
    created: '2026-01-02T03:04:05.678Z',
  });
  rack.addRelease({ id: 'RNEW' });
  t.is((await convox('releases', 'promote', '-a', 'shop')).stdout, 'Promoting RNEW...\nOK\n');
  t.regex(
    (await convox('releases', '-a', 'shop')).stdout,
    /^ID {4}STATUS {2}BUILD.*\nRNEW {2}active.*\nROLD {10}BA .* ago {2}one\n$/,
  );
  t.is(
    (await convox('releases', 'info', 'ROLD', '-a', 'shop')).stdout,
    'Id           ROLD\nBuild        BA\nCreated      2026-01-02T03:04:05Z\nDescription  one\nEnv          A=1\n             B=2\n',
  );
});

test('convox env: sets, gets, unsets and replaces in new releases', async (t) => {
  const { rack, convox } = await startShop(t);
  rack.addRelease({ id: 'ROLD', env: 'B=2\nA=x=1' });
  t.is((await convox('env', '-a', 'shop')).stdout, 'A=x=1\nB=2\n');
  t.is((await convox('env', 'set', 'D= 4 ', 'C=a,b', '-a', 'shop')).stdout, 'Setting C, D... OK\nRelease: RNEW1\n');
  t.is((await convox('env', 'get', 'D', '-a', 'shop')).stdout, ' 4 \n');
  t.is((await convox('env', 'get', 'NONE', '-a', 'shop')).stderr, 'ERROR: env not found: NONE\n');
  t.is((await convox('env', 'unset', 'A', 'D', '-a', 'shop', '--id')).stdout, 'RNEW2');
  t.is((await convox('env', '--json', '-a', 'shop')).stdout, `${JSON.stringify({ B: '2', C: 'a,b' }, undefined, 2)}\n`);
  await convox('env', 'set', '--replace', '-p', 'X=1', '-a', 'shop');
  t.is(rack.releases[0]?.env, 'X=1');
  t.is(rack.apps.get('shop')?.release, 'RNEW3');
});

test('convox env set: reads standard input only without pairs, and refuses what is no pair', async (t) => {
  const { rack } = await startShop(t);
  const run = (args: readonly string[], input = '') => runConvox(args, { env: { RACK_URL: rack.url }, input });
  await run(['env', 'set', '-a', 'shop'], '# comment\nA=1\r\n\nB=two words\n');
  t.is(rack.releases[0]?.env, 'A=1\nB=two words');
  await run(['env', 'set', 'C=3', '-a', 'shop'], 'D=4\n');
  t.is(rack.releases[0]?.env, 'A=1\nB=two words\nC=3');
  t.is((await run(['env', 'set', '-a', 'shop'])).stderr, 'ERROR: nothing to set: expected KEY=VALUE\n');
});

test('promise 7: convox: what is no pair is told by its place, and not shown: it may be a part of a secret', async (t) => {
  const { rack } = await startShop(t);
  const line = 'BAQEFAASC';
  const key = `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0=\n${line}\n-----END PRIVATE KEY-----`;
  const cases = [
    [['env', 'set', '--replace'], `A=1\n\nKEY=-----BEGIN\n${line}\n`, 'line 4 of the input: expected KEY=VALUE'],
    [['env', 'set', 'A=1', line], '', 'argument 2: expected KEY=VALUE'],
    [['apps', 'params', 'set', `KEY=${key}`], '', 'argument 1: a pair must be a single line'],
  ] as const;
  for (const [args, input, message] of cases) {
    const { code, stdout, stderr } = await runConvox([...args, '-a', 'shop'], { env: { RACK_URL: rack.url }, input });
    t.deepEqual([code, stdout, stderr], [1, '', `ERROR: cannot set ${message}\n`]);
  }
  for (const word of [key, '--passwrd=hunter2'])
    t.regex(
      (await runConvox(['env', 'set', word])).stderr,
      /^ERROR: unknown option '-+(?:BEGIN|passwrd)' \(see: [^\n]+\n$/,
    );
  const words = ['build', createSource(t), '-a', 'shop', '--build-args', 'A=1', '--build-args', key];
  t.is(
    (await runConvox(words, { env: { RACK_URL: rack.url } })).stderr,
    'ERROR: --build-args must be KEY=VALUE or KEY, and number 2 is neither\n',
  );
  t.is(rack.releases.length, 0);
});

test('convox rack and version: rows of the system', async (t) => {
  const { convox } = await startShop(t);
  t.is(
    (await convox('rack')).stdout,
    'Name      fake\nProvider  builds\nRouter    rack.local\nStatus    running\nVersion   3.24.0\n',
  );
  t.is((await convox('version')).stdout, 'client: 0.1.0\nserver: 3.24.0\n');
});

test('convox: a wrong password, a stopped rack and what is no rack each give one line', async (t) => {
  const { rack } = await startShop(t);
  const ask = async (url: string) => {
    const { code, stdout, stderr } = await runConvox(['apps'], { env: { RACK_URL: url } });
    t.is(code, 1);
    t.is(stdout, '');
    return stderr;
  };
  t.is(
    await ask(rack.url.replace('p%40ss', 'wrong')),
    'ERROR: invalid authentication: the rack refuses the password of RACK_URL\n',
  );
  t.regex(
    await ask('http://convox:p@127.0.0.1:1'),
    /^ERROR: cannot reach rack at http:\/\/127\.0\.0\.1:1: connection refused; is it running\?\n$/,
  );
  t.regex(
    await ask('http://convox:secret@[bad'),
    /^ERROR: cannot read the rack's address in RACK_URL: expected [^\n]*PASSWORD[^\n]*\n$/,
  );
  t.regex(await ask(rack.url.replace('http', 'https')), /^ERROR: cannot reach rack at https:[^\n]*\n$/);
  const stranger = createServer((socket) => socket.end('hello\r\n'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  t.teardown(() => stranger.close());
  t.regex(
    await ask(`http://a:b@127.0.0.1:${(stranger.address() as AddressInfo).port}`),
    /what answers there is not HTTP/,
  );
});

test('convox --json: errors are JSON on stderr', async (t) => {
  const { convox } = await startShop(t);
  const { code, stdout, stderr } = await convox('builds', '-a', 'none', '--json');
  t.deepEqual([code, stdout, JSON.parse(stderr)], [1, '', { error: 'app not found: none' }]);
});

test('convox: an answer cannot write to the terminal what it likes', async (t) => {
  const { convox } = await startShop(t, { intercept: () => ({ status: 500, body: 'bad\u001b[2J\n\u0007end' }) });
  t.is((await convox('apps')).stderr, 'ERROR: bad [2J end\n');
  const html = await startShop(t, { intercept: () => ({ status: 200, body: '<html>' }) });
  t.is(
    (await html.convox('apps')).stderr,
    'ERROR: cannot read the answer: it is not JSON; is the address that of a rack?\n',
  );
});

test('convox: the app and the rack are found in files', async (t) => {
  const { rack } = await startShop(t);
  const folder = createSource(t, {
    '.convox/app': 'shop\n',
    'config/racks/dev-one': `${rack.url}\n`,
    'config/racks/dev-two': 'http://convox:x@127.0.0.1:1',
    'config/rack': 'dev-two',
  });
  mkdirSync(join(folder, 'config/racks/folder'));
  const run = (...args: readonly string[]) =>
    runConvox(args, { cwd: folder, env: { CONVOX_CONFIG: join(folder, 'config') } });
  t.regex((await run('apps', 'info', '--rack', 'one')).stdout, /^Name +shop\n/);
  t.is((await run('apps', '-r', 'dev')).stderr, 'ERROR: ambiguous rack name: dev\n');
  t.is((await run('apps', '-r', 'none')).stderr, 'ERROR: could not find rack: none\n');
  t.regex((await run('apps')).stderr, /127\.0\.0\.1:1/);
  writeFileSync(join(folder, '.convox/rack'), 'dev-one');
  t.is((await run('apps')).code, 0);
  t.regex((await runConvox(['apps'])).stderr, /^ERROR: no current rack, use /);
});

test('convox: --rack wins over RACK_URL, and RACK_URL over everything else', async (t) => {
  const { rack } = await startShop(t);
  const folder = createSource(t, { 'config/racks/other': 'http://convox:x@127.0.0.1:1', 'config/rack': 'other' });
  const run = (...args: readonly string[]) =>
    runConvox(args, { env: { CONVOX_CONFIG: join(folder, 'config'), CONVOX_RACK: 'other', RACK_URL: rack.url } });
  t.regex((await run('releases', 'promote', '-a', 'shop', '--rack', 'other')).stderr, /127\.0\.0\.1:1/);
  t.is((await run('apps', '-r', 'fake')).stderr, 'ERROR: could not find rack: fake\n');
  for (const args of [['apps'], ['apps', '-r', '']]) t.is((await run(...args)).code, 0);
});

test('convox: wrong arguments give one line and exit code 1; help goes to stdout', async (t) => {
  const { convox } = await startShop(t);
  for (const args of [['bogus'], ['builds', 'info'], ['apps', '--bogus'], ['apps', 'bogus'], ['builds', '-l', 'x']]) {
    const { code, stdout, stderr } = await convox(...args);
    t.deepEqual([code, stdout], [1, ''], args.join(' '));
    t.regex(stderr, /^ERROR: [^\n]+\n$/, args.join(' '));
  }
  t.is((await convox('bilds')).stderr, 'ERROR: unknown command: bilds (did you mean builds?)\n');
  t.is((await convox('env', 'st', 'A=1')).stderr, 'ERROR: unknown command: env st (did you mean env set?)\n');
  for (const args of [[], ['help'], ['build', '--help'], ['help', 'builds', 'logs']]) {
    const { code, stdout, stderr } = await convox(...args);
    t.deepEqual([code, stderr], [0, ''], args.join(' '));
    t.regex(stdout, /Usage: convox[^\n]*\n[\s\S]*Examples:\n {2}convox /);
  }
});

test('convox goes on with the trace of its environment, if that is well formed', async (t) => {
  const { rack } = await startShop(t);
  const sent = async (TRACEPARENT: string) => {
    await runConvox(['apps'], { env: { RACK_URL: rack.url, TRACEPARENT } });
    return rack.seen.at(-1)?.headers['traceparent'];
  };
  const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
  t.is(await sent(traceparent), traceparent);
  for (const bad of ['', 'x', `${traceparent}\n`, traceparent.toUpperCase(), traceparent.replace(/^00/, 'ff')])
    t.is(await sent(bad), undefined, bad);
  t.is(await sent(traceparent.replaceAll('ab', '00')), undefined);
  t.is(await sent(traceparent.replaceAll('cd', '00')), undefined);
});
