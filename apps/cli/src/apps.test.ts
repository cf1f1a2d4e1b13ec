import test from 'ava';
import { startShop } from './testing/start-shop.js';

test('convox apps params: lists and sets, and leaves the others as they are', async (t) => {
  const { rack, convox } = await startShop(t);
  t.is((await convox('apps', 'params', 'set', 'BuildMem=2048', 'Note=a=b & c', '-a', 'shop')).code, 0);
  const { stdout } = await convox('apps', 'params', 'set', 'BuildCpu=500', '-a', 'shop');
  t.is(stdout, 'Updating parameters... OK\n');
  t.deepEqual(rack.apps.get('shop')?.parameters, { BuildMem: '2048', Note: 'a=b & c', BuildCpu: '500' });
  t.is((await convox('apps', 'params', 'shop')).stdout, 'BuildCpu  500\nBuildMem  2048\nNote      a=b & c\n');
  const json = await convox('apps', 'params', '-a', 'shop', '--json');
  t.deepEqual(JSON.parse(json.stdout), { BuildMem: '2048', Note: 'a=b & c', BuildCpu: '500' });
  const set = await convox('apps', 'params', 'set', 'BuildCpu=100', '-a', 'shop', '--json');
  t.is(JSON.parse(set.stdout).BuildCpu, '100');
  const { code, stderr } = await convox('apps', 'params', 'set', 'BuildCpu', '-a', 'shop');
  t.deepEqual([code, stderr], [1, 'ERROR: cannot set argument 1: expected KEY=VALUE\n']);
});

test('convox apps lock and unlock: a locked app is not deleted', async (t) => {
  const { rack, convox } = await startShop(t);
  t.is((await convox('apps', 'lock', 'shop')).stdout, 'Locking shop... OK\n');
  t.is((await convox('apps', 'delete', 'shop')).stderr, 'ERROR: app is locked: shop\n');
  t.true(JSON.parse((await convox('apps', 'lock', '-a', 'shop', '--json')).stdout).locked);
  t.is((await convox('apps', 'unlock', '-a', 'shop')).stdout, 'Unlocking shop... OK\n');
  t.false(rack.apps.get('shop')?.locked);
  const { code, stderr } = await convox('apps', 'lock', 'none');
  t.deepEqual([code, stderr], [1, 'ERROR: app not found: none\n']);
});
