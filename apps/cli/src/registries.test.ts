import test from 'ava';
import { runOnTerminal } from './testing/run-on-terminal.js';
import { startShop } from './testing/start-shop.js';

const PASSWORD = 'p@ss word=1';

test('convox registries: adds with a password from stdin, lists without it, removes', async (t) => {
  const { rack, convox, run } = await startShop(t);
  const added = await run(['registries', 'add', 'docker.io/team', 'builder'], { input: `${PASSWORD}\n` });
  t.deepEqual(added, { code: 0, stdout: 'Adding registry... OK\n', stderr: '' });
  t.deepEqual(rack.registries, [{ server: 'docker.io/team', username: 'builder', password: PASSWORD }]);
  t.is((await convox('registries')).stdout, 'SERVER          USERNAME\ndocker.io/team  builder\n');
  // Convox sends the passwords, too.
  const listed = await convox('registries', '--json');
  t.deepEqual(JSON.parse(listed.stdout), [{ server: 'docker.io/team', username: 'builder' }]);
  t.is((await convox('registries', 'remove', 'docker.io/team')).stdout, 'Removing registry... OK\n');
  t.deepEqual(rack.registries, []);
  const { code, stderr } = await convox('registries', 'remove', 'docker.io/team');
  t.deepEqual([code, stderr], [1, 'ERROR: registry not found: docker.io/team\n']);
});

test('convox registries add: as JSON, without the password', async (t) => {
  const { run, convox } = await startShop(t);
  const { stdout } = await run(['registries', 'add', 'one', 'me', '--json'], { input: PASSWORD });
  t.deepEqual(JSON.parse(stdout), { server: 'one', username: 'me' });
  t.deepEqual(JSON.parse((await convox('registries', 'remove', 'one', '--json')).stdout), { server: 'one' });
});

test('convox registries add: an argument works, as in scripts for Convox, but is warned of', async (t) => {
  const { rack, convox } = await startShop(t);
  const { code, stderr } = await convox('registries', 'add', 'one', 'me', 'secret');
  t.is(code, 0);
  t.regex(stderr, /^warning: others on this machine can see an argument[^\n]*\n$/);
  t.is(rack.registries[0]?.password, 'secret');
});

test('convox registries add: no password, or one of several lines, is refused before anything is sent', async (t) => {
  const { rack, run } = await startShop(t);
  for (const input of ['', '\n', 'one\ntwo\n']) {
    const { code, stdout, stderr } = await run(['registries', 'add', 'one', 'me'], { input });
    t.deepEqual([code, stdout], [1, '']);
    t.regex(stderr, /^ERROR: (?:no password given|a password is one line)[^\n]*\n$/);
  }
  t.deepEqual(rack.seen, []);
});

test('convox registries add: on a terminal the password is asked for and does not show', async (t) => {
  const { rack } = await startShop(t);
  const { code, shown } = await runOnTerminal(['registries', 'add', 'one', 'me'], {
    env: { RACK_URL: rack.url, NO_COLOR: '1' },
    typing: [['Password of me at one: ', 'wrung\u007f\u007f\u007f\u007frong\r']],
  });
  t.is(shown, 'Password of me at one: \nAdding registry... OK\n');
  t.is(rack.registries[0]?.password, 'wrong');
  t.is(code, 0);
});

test('convox registries add: Ctrl-C at the question ends the command', async (t) => {
  const { rack } = await startShop(t);
  const { code } = await runOnTerminal(['registries', 'add', 'one', 'me'], {
    env: { RACK_URL: rack.url },
    typing: [['Password of me', 'half\u0003']],
  });
  t.is(code, 130);
  t.deepEqual(rack.seen, []);
});
