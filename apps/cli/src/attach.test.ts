import test from 'ava';
import { createSource } from './testing/create-source.js';
import { startShop } from './testing/start-shop.js';

const LOG = Buffer.from('#1 FROM busybox\n');

test('convox build --detach: leaves the build to the rack, and says how to find it', async (t) => {
  const { rack, convox } = await startShop(t, { runningPolls: 1e6 });
  const folder = createSource(t);
  const { code, stdout } = await convox('build', folder, '-a', 'shop', '--detach');
  const id = String(rack.builds[0]?.id);
  t.true(
    stdout.endsWith(`Starting build... OK\nBuild:   ${id}\nFollow it with: convox builds attach ${id} -a shop\n`),
    stdout,
  );
  t.is(code, 0);
  t.is(rack.logConnections, 0);
  t.is((await convox('build', folder, '-a', 'shop', '--detach', '--id')).stdout, String(rack.builds[0]?.id));
  const { stdout: json } = await convox('build', folder, '-a', 'shop', '--detach', '--json');
  t.is(JSON.parse(json).id, rack.builds[0]?.id);
});

test('convox builds attach: shows the log and ends as build does', async (t) => {
  const { rack, convox } = await startShop(t, { log: LOG });
  rack.builds.push({ id: 'BA', status: 'running', state: 'running', polls: 2 });
  const { code, stdout } = await convox('builds', 'attach', 'BA', '-a', 'shop');
  t.is(stdout, `${LOG}Build:   BA\nRelease: RA\n`);
  t.is(code, 0);
  t.is((await convox('builds', 'attach', 'BA', '-a', 'shop', '--id')).stdout, 'RA');
  t.like(JSON.parse((await convox('builds', 'attach', 'BA', '-a', 'shop', '--json')).stdout), { id: 'BA' });
  const unknown = await convox('builds', 'attach', 'BNONE', '-a', 'shop');
  t.deepEqual([unknown.code, unknown.stderr], [1, 'ERROR: build not found: BNONE\n']);
});

test('convox builds attach and wait: a build that fails gives its reason and exit code 1', async (t) => {
  const { rack, convox } = await startShop(t, { log: LOG, outcome: { state: 'failed', reason: 'no disk' } });
  for (const command of ['attach', 'wait']) {
    rack.builds.push({ id: `B${command}`, status: 'running', state: 'running', polls: 2 });
    const { code, stderr } = await convox('builds', command, `B${command}`, '-a', 'shop');
    t.is(code, 1);
    t.regex(stderr, /ERROR: build failed: no disk\n$/);
  }
});

for (const isConvox of [false, true]) {
  test(`convox builds wait: waits for the end ${isConvox ? 'on a Convox rack' : ''}`, async (t) => {
    const { rack, convox } = await startShop(t, { isConvox });
    rack.builds.push({ id: 'BA', status: 'running', ...(isConvox ? {} : { state: 'running' }), polls: 2 });
    t.deepEqual(await convox('builds', 'wait', 'BA', '-a', 'shop'), {
      code: 0,
      stdout: 'Waiting for build BA... OK, RA\n',
      stderr: '',
    });
    t.is(JSON.parse((await convox('builds', 'wait', 'BA', '-a', 'shop', '--json')).stdout).release, 'RA');
    t.is(rack.logConnections, 0);
  });
}

test('convox builds wait: gives up in time, and refuses what is no time', async (t) => {
  const { rack, convox } = await startShop(t);
  rack.builds.push({ id: 'BA', status: 'running', state: 'running', polls: 1e6 });
  const { code, stderr } = await convox('builds', 'wait', 'BA', '-a', 'shop', '--timeout', '1');
  t.deepEqual([code, stderr], [1, 'ERROR: build BA has not ended within 1 seconds: it goes on\n']);
  const bad = await convox('builds', 'wait', 'BA', '-a', 'shop', '--timeout', 'soon');
  t.is(bad.stderr, 'ERROR: --timeout must be a number from 1 to 1000000, not "soon"\n');
});
