import test from 'ava';
import { startShop } from './testing/start-shop.js';

const WELL = { on: 'rack', check: 'redis', status: 'ok', message: 'noeviction, 1.1 MB used' };
const NATIVE = { on: 'one', check: 'buildkit', status: 'warning', message: 'the snapshotter is native' };
const AWAY = { on: 'rack', check: 'registry', status: 'failed', message: 'it takes no uploads' };

const answering = (findings: readonly object[]) => ({
  intercept: ({ path }: { path: string }) =>
    path === '/system/doctor' ? { status: 200, body: JSON.stringify(findings) } : undefined,
});

test('convox rack doctor: a line for each finding; warnings are no failure', async (t) => {
  const { convox } = await startShop(t, answering([WELL, NATIVE]));
  const { code, stdout, stderr } = await convox('rack', 'doctor');
  t.deepEqual([code, stderr], [0, '']);
  t.is(
    stdout,
    [
      'ON    CHECK     STATUS   FINDING',
      'rack  redis     ok       noeviction, 1.1 MB used',
      'one   buildkit  warning  the snapshotter is native',
      '',
    ].join('\n'),
  );
});

test('convox rack doctor: exit code 1 when something has failed, also with --json', async (t) => {
  const { convox } = await startShop(t, answering([WELL, AWAY]));
  const { code, stdout, stderr } = await convox('rack', 'doctor');
  t.deepEqual([code, stderr], [1, 'ERROR: something has failed: registry (rack)\n']);
  t.regex(stdout, /rack {2}registry {2}failed {2}it takes no uploads\n$/);
  const json = await convox('rack', 'doctor', '--json');
  t.is(json.code, 1);
  t.deepEqual(JSON.parse(json.stdout), [WELL, AWAY]);
});
