import test, { type ExecutionContext } from 'ava';
import { createSource } from './testing/create-source.js';
import { startShop } from './testing/start-shop.js';

/** A shop with one of everything, and a command that answers as data. */
async function startFullShop(t: ExecutionContext) {
  const shop = await startShop(t);
  shop.rack.builds.push({ id: 'BA', status: 'complete', state: 'complete', reason: '' });
  shop.rack.addRelease({ id: 'RA', build: 'BA', env: 'A=1\nB=x=y' });
  const json = async (...args: readonly string[]): Promise<unknown> => {
    const { code, stdout } = await shop.convox(...args, '-a', 'shop', '--json');
    t.is(code, 0, args.join(' '));
    return JSON.parse(stdout);
  };
  return { ...shop, json };
}

test('convox --json: lists and single things are the objects of the API', async (t) => {
  const { rack, json, convox } = await startFullShop(t);
  const plain = async (...args: readonly string[]) => JSON.parse((await convox(...args, '--json')).stdout);
  t.deepEqual(await plain('apps'), [...rack.apps.values()]);
  t.deepEqual(await json('apps', 'info'), rack.apps.get('shop'));
  t.deepEqual(await json('builds'), rack.builds);
  t.deepEqual(await json('builds', 'info', 'BA'), rack.builds[0]);
  t.deepEqual(await json('releases'), rack.releases);
  t.deepEqual(await json('releases', 'info', 'RA'), rack.releases[0]);
  t.deepEqual(await json('env'), { A: '1', B: 'x=y' });
  t.deepEqual(await json('env', 'get', 'B'), { B: 'x=y' });
  t.like(await plain('rack'), { name: 'fake', version: '3.24.0' });
  t.deepEqual(await plain('version'), { client: '0.1.0', server: '3.24.0' });
});

test('convox --json: what was made, changed or promoted is printed, and the progress kept out of it', async (t) => {
  const { json, convox } = await startFullShop(t);
  const plain = async (...args: readonly string[]) => JSON.parse((await convox(...args, '--json')).stdout);
  t.like(await plain('apps', 'create', 'blog'), { name: 'blog', status: 'running' });
  t.deepEqual(await plain('apps', 'delete', 'blog'), { name: 'blog' });
  t.like(await json('env', 'set', 'C=3'), { id: 'RNEW1', env: 'A=1\nB=x=y\nC=3' });
  t.like(await json('env', 'unset', 'A'), { env: 'B=x=y\nC=3' });
  t.like(await json('releases', 'promote', 'RA'), { name: 'shop', release: 'RA' });
  t.like(await json('deploy', createSource(t)), { state: 'complete' });
});

test('convox: each thing that is not there is one line on stderr and exit code 1', async (t) => {
  const { convox } = await startFullShop(t);
  const cases = [
    [['apps', 'delete', 'none'], 'app not found: none'],
    [['apps', 'unlock', 'none'], 'app not found: none'],
    [['apps', 'params', 'none'], 'app not found: none'],
    [['builds', 'info', 'BNONE', '-a', 'shop'], 'build not found: BNONE'],
    [['builds', 'wait', 'BNONE', '-a', 'shop'], 'build not found: BNONE'],
    [['deploy', '/nonexistent', '-a', 'shop'], 'cannot build "/nonexistent": no such folder'],
    [['env', '-a', 'none'], 'app not found: none'],
    [['env', 'edit', '-a', 'none'], 'app not found: none'],
    [['env', 'unset', 'A', '-a', 'none'], 'app not found: none'],
    [['releases', '-a', 'none'], 'app not found: none'],
    [['releases', 'info', 'RNONE', '-a', 'shop'], 'release not found: RNONE'],
    [['releases', 'promote', 'RNONE', '-a', 'shop'], 'release not found: RNONE'],
    [['apps', '--watch', 'often'], '--watch must be a number from 1 to 1000000, not "often"'],
  ] as const;
  for (const [args, message] of cases) {
    const { code, stderr } = await convox(...args);
    t.deepEqual([code, stderr], [1, `ERROR: ${message}\n`], args.join(' '));
  }
});
