import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runConvox } from './testing/run-convox.js';
import { startFakeRack } from './testing/start-fake-rack.js';

async function startPerson(t: ExecutionContext) {
  const rack = await startFakeRack();
  t.teardown(() => rack.close());
  const folder = mkdtempSync(join(tmpdir(), 'convox-settings-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const settings = join(folder, 'settings');
  const run = (args: readonly string[], input = '', env: Readonly<Record<string, string>> = {}) =>
    runConvox(args, { cwd: folder, env: { CONVOX_CONFIG: settings, ...env }, input });
  const address = rack.url.replace('convox:p%40ss@', '');
  return { rack, settings, run, address };
}

test('convox login: asks the rack, and remembers it for its owner alone', async (t) => {
  const { settings, run, address } = await startPerson(t);
  const { code, stdout, stderr } = await run(['login', address], 'p@ss\n');
  t.deepEqual([code, stdout, stderr], [0, `Logging in to ${address}... OK, fake\n`, '']);
  const path = join(settings, 'racks/fake');
  t.is(readFileSync(path, 'utf8'), `${address.replace('//', '//convox:p%40ss@')}\n`);
  t.is(statSync(path).mode & 0o777, 0o600);
  t.is(statSync(settings).mode & 0o777, 0o700);
  // The first one is used at once.
  t.regex((await run(['rack'])).stdout, /^Name +fake\n/);
});

test('convox racks and switch: several racks, by name or a part of it', async (t) => {
  const { run, address, settings } = await startPerson(t);
  await run(['login', address, '--name', 'dev-one'], 'p@ss');
  const second = await run(['login', address, '--name', 'dev-two'], 'p@ss');
  t.is(second.stdout, `Logging in to ${address}... OK, dev-two\nUse it with: convox switch dev-two\n`);
  t.is(
    (await run(['racks'])).stdout,
    `NAME     STATUS   ADDRESS\ndev-one  current  ${address}\ndev-two           ${address}\n`,
  );
  t.is((await run(['switch', 'two'])).stdout, 'Switched to dev-two\n');
  t.is((await run(['switch'])).stdout, 'dev-two\n');
  t.is(readFileSync(join(settings, 'rack'), 'utf8'), 'dev-two\n');
  t.deepEqual(JSON.parse((await run(['racks', '--json'])).stdout), [
    { name: 'dev-one', current: false, address },
    { name: 'dev-two', current: true, address },
  ]);
  t.deepEqual(JSON.parse((await run(['switch', 'one', '--json'])).stdout), { rack: 'dev-one' });
  t.is((await run(['switch', 'dev'])).stderr, 'ERROR: ambiguous rack name: dev\n');
  t.is((await run(['switch', 'none'])).stderr, 'ERROR: could not find rack: none\n');
  const overruled = await run(['switch', 'dev-two'], '', { CONVOX_RACK: 'dev-one' });
  t.is(overruled.stderr, 'warning: here CONVOX_RACK or .convox/rack says dev-one, and wins\n');
});

test("convox switch: what Convox's own switch stored is read, and repaired by a new choice", async (t) => {
  const { run, address, settings } = await startPerson(t);
  await run(['login', address], 'p@ss');
  rmSync(join(settings, 'rack'));
  writeFileSync(join(settings, 'current'), JSON.stringify({ type: '', name: '' }));
  t.is((await run(['apps'])).code, 1);
  t.is((await run(['switch', 'fake'])).code, 0);
  t.is((await run(['apps'])).code, 0);
});

test('convox login: a wrong password, no rack and a bad name are not remembered', async (t) => {
  const { run, address } = await startPerson(t);
  const cases = [
    [['login', address], 'wrong', /^ERROR: invalid authentication: the rack refuses the password of http:\S+\n$/],
    [['login', 'http://127.0.0.1:1'], 'x', /^ERROR: cannot reach rack at http:\/\/127\.0\.0\.1:1: [^\n]+\n$/],
    [['login', 'ftp://host'], 'x', /^ERROR: cannot read the rack's address in the argument: [^\n]+\n$/],
    [['login', address, '--name', '../x'], 'p@ss', /^ERROR: --name must be letters[^\n]+\n$/],
    [['login', address], '', /^ERROR: no password given[^\n]+\n$/],
  ] as const;
  for (const [args, input, message] of cases) {
    const { code, stderr } = await run(args, input);
    t.regex(stderr, message);
    t.is(code, 1);
  }
  t.is((await run(['racks'])).stdout, 'NAME  STATUS  ADDRESS\n');
});

test('convox login: another rack of the same name has to be named', async (t) => {
  const { run, address } = await startPerson(t);
  const other = await startPerson(t);
  await run(['login', address], 'p@ss');
  const { code, stderr } = await run(['login', other.address], 'p@ss');
  t.is(stderr, 'ERROR: another rack is known as fake already: give this one another name with --name\n');
  t.is(code, 1);
  t.deepEqual(JSON.parse((await run(['login', other.address, '--name', 'b', '--json'], 'p@ss')).stdout), {
    name: 'b',
    address: other.address,
    current: false,
  });
});

test('convox logout: forgets a rack by its whole name', async (t) => {
  const { run, address, settings } = await startPerson(t);
  await run(['login', address], 'p@ss');
  t.is((await run(['logout', 'fak'])).stderr, 'ERROR: could not find rack: fak\n');
  t.is((await run(['logout', 'fake'])).stdout, 'Forgot fake\n');
  t.throws(() => statSync(join(settings, 'racks/fake')), { code: 'ENOENT' });
  t.regex((await run(['apps'])).stderr, /^ERROR: no current rack, use /);
  await run(['login', address], 'p@ss');
  t.deepEqual(JSON.parse((await run(['logout', 'fake', '--json'])).stdout), { name: 'fake' });
});
