import test from 'ava';
import { startShop } from './testing/start-shop.js';

test('convox releases manifest: the convox.yml of the build, as it is', async (t) => {
  const { rack, convox } = await startShop(t);
  const manifest = 'services:\n  web: {}\n';
  rack.builds.push({ id: 'BA', status: 'complete', manifest });
  rack.addRelease({ id: 'RA', build: 'BA' });
  rack.addRelease({ id: 'REMPTY' });
  t.is((await convox('releases', 'manifest', 'RA', '-a', 'shop')).stdout, manifest);
  const { stdout } = await convox('releases', 'manifest', 'RA', '-a', 'shop', '--json');
  t.deepEqual(JSON.parse(stdout), { id: 'RA', build: 'BA', manifest });
  const { code, stderr } = await convox('releases', 'manifest', 'REMPTY', '-a', 'shop');
  t.deepEqual([code, stderr], [1, 'ERROR: no build for release: REMPTY\n']);
});

test('convox releases rollback: a new release with the build and the environment of an old one, promoted', async (t) => {
  const { rack, convox } = await startShop(t);
  rack.addRelease({ id: 'ROLD', build: 'BA', env: 'A=1\nB=x=y' });
  rack.addRelease({ id: 'RBAD', build: 'BB', env: 'A=2' });
  const { code, stdout } = await convox('releases', 'rollback', 'ROLD', '-a', 'shop');
  t.is(stdout, 'Rolling back to ROLD... OK, RNEW2\nPromoting RNEW2...\nOK\n');
  t.is(code, 0);
  t.like(rack.releases[0], { id: 'RNEW2', build: 'BA', env: 'A=1\nB=x=y' });
  t.is(rack.apps.get('shop')?.release, 'RNEW2');
  const bare = await convox('releases', 'rollback', 'ROLD', '-a', 'shop', '--id');
  t.is(bare.stdout, 'RNEW3');
  t.is(JSON.parse((await convox('releases', 'rollback', 'ROLD', '-a', 'shop', '--json')).stdout).id, 'RNEW4');
  const unknown = await convox('releases', 'rollback', 'RNONE', '-a', 'shop');
  t.deepEqual([unknown.code, unknown.stderr], [1, 'ERROR: release not found: RNONE\n']);
});

test('convox releases create-from: the build of one release, the environment of another', async (t) => {
  const { rack, convox } = await startShop(t);
  rack.addRelease({ id: 'ROLD', build: 'BA', env: 'A=1' });
  rack.addRelease({ id: 'RNOW', build: 'BB', env: 'A=2' });
  const create = (...args: readonly string[]) => convox('releases', 'create-from', '-a', 'shop', ...args);
  const none = await create('--build-from', 'ROLD', '--use-active-release-env');
  t.is(none.stderr, 'ERROR: app shop has no active release: name one with --env-from\n');
  Object.assign(rack.apps.get('shop') ?? {}, { release: 'RNOW' });
  const { stdout } = await create('--build-from', 'ROLD', '--use-active-release-env');
  t.is(stdout, 'Using build from release: ROLD\nUsing env from release: RNOW\nCreated release: RNEW2\n');
  t.like(rack.releases[0], { build: 'BA', env: 'A=2', description: 'build from ROLD, env from RNOW' });
  t.is(rack.apps.get('shop')?.release, 'RNOW');
  const promoted = await create('--use-active-release-build', '--env-from', 'ROLD', '--promote', '--json');
  t.like(JSON.parse(promoted.stdout), { id: 'RNEW3', build: 'BB', env: 'A=1' });
  t.is(rack.apps.get('shop')?.release, 'RNEW3');
});

test('convox releases create-from: each part has to be named, and in one way only', async (t) => {
  const { convox } = await startShop(t);
  for (const args of [
    [],
    ['--build-from', 'R', '--use-active-release-build', '--env-from', 'R'],
    ['--build-from', 'R'],
  ]) {
    const { code, stdout, stderr } = await convox('releases', 'create-from', '-a', 'shop', ...args);
    t.deepEqual([code, stdout], [1, '']);
    t.regex(stderr, /^ERROR: give either --(?:build|env)-from <id> or --use-active-release-(?:build|env)\n$/);
  }
});
