import test from 'ava';
import { createSource } from './testing/create-source.js';
import { startShop } from './testing/start-shop.js';

// What Convox's own racks do in another way than ours.

test('convox releases promote: a Convox rack says too early that the app runs; it counts when it says so twice', async (t) => {
  let polls = 0;
  const { rack, convox } = await startShop(t, {
    isConvox: true,
    intercept: ({ method, path }) => {
      if (method !== 'GET' || path !== '/apps/shop' || rack.apps.get('shop')?.release === '') return undefined;
      const status = ++polls === 2 ? 'updating' : 'running';
      return { status: 200, body: JSON.stringify({ ...rack.apps.get('shop'), status }) };
    },
  });
  rack.addRelease({ id: 'RA', build: 'BA' });
  const { code, stdout } = await convox('releases', 'promote', '-a', 'shop');
  t.is(stdout, 'Promoting RA...\nOK\n');
  t.is(code, 0);
  t.is(polls, 4);
});

for (const [what, fields] of [
  ['runs ROLD, not RA', { status: 'rollback', release: 'ROLD' }],
  ['runs ROLD, not RA', { release: 'ROLD' }],
] as const) {
  test(`convox releases promote: an app that ${what} is a rollback (${Object.keys(fields).join(', ')})`, async (t) => {
    let isPromoted = false;
    const { rack, convox } = await startShop(t, {
      isConvox: true,
      intercept: ({ method, path }) => {
        if (path.endsWith('/promote')) isPromoted = true;
        if (method !== 'GET' || path !== '/apps/shop' || !isPromoted) return undefined;
        return { status: 200, body: JSON.stringify({ ...rack.apps.get('shop'), ...fields }) };
      },
    });
    rack.addRelease({ id: 'RA', build: 'BA' });
    const { code, stderr } = await convox('releases', 'promote', '-a', 'shop');
    t.is(stderr, `ERROR: rollback: app shop ${what}\n`);
    t.is(code, 1);
  });
}

test('convox releases promote: polls that fail while the rack restarts do not end it', async (t) => {
  let failures = 2;
  let isPromoted = false;
  const { rack, convox } = await startShop(t, {
    intercept: ({ method, path }) => {
      if (path.endsWith('/promote')) isPromoted = true;
      const isPoll = isPromoted && method === 'GET' && path === '/apps/shop';
      return isPoll && failures-- > 0 ? { status: 503, body: 'away\n' } : undefined;
    },
  });
  rack.addRelease({ id: 'RA', build: 'BA' });
  t.is((await convox('releases', 'promote', '-a', 'shop')).code, 0);
});

test('convox build: on a Convox rack both forms of arguments go along, and what it does not know is said', async (t) => {
  const { rack, convox } = await startShop(t, { isConvox: true });
  const folder = createSource(t);
  const built = await convox('build', folder, '-a', 'shop', '--build-args', 'A=1', '--build-args', 'B=2,3');
  t.is(built.code, 0);
  const created = rack.seen.find(({ method, path }) => method === 'POST' && path === '/apps/shop/builds');
  t.is(created?.form['build-args'], 'A=1,B=2,3');
  t.is(created?.form['build-args-json'], '["A=1","B=2,3"]');
  t.regex((await convox('builds', '-a', 'shop')).stdout, /\nB\w+ {2}complete {2}R/);
  const { code, stderr } = await convox('build', folder, '-a', 'shop', '--supersede', '--branch', 'b');
  t.deepEqual([code, stderr], [1, 'ERROR: --supersede: this rack does not know it\n']);
});
