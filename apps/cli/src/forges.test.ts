import test, { type ExecutionContext } from 'ava';

import { runConvox } from './testing/run-convox.js';
import { type SeenRequest, startFakeRack } from './testing/start-fake-rack.js';

const FORGE = {
  host: 'github.com',
  kind: 'github',
  'api-url': 'https://api.github.com',
  problem: 'status 401: Bad credentials',
};

function answer({ method, path }: SeenRequest): { status: number; body: string } | undefined {
  const routes: Record<string, unknown> = {
    'GET /forges': [FORGE],
    'POST /forges': FORGE,
    'DELETE /forges/git.example.org:8443': 'ok',
  };
  const found = routes[`${method} ${path}`];
  if (found !== undefined) return { status: 200, body: JSON.stringify(found) };
  return path.startsWith('/forges/') ? { status: 404, body: 'forge not found: nowhere\n' } : undefined;
}

async function start(t: ExecutionContext) {
  const rack = await startFakeRack({ intercept: answer });
  t.teardown(() => rack.close());
  const convox = (args: readonly string[], input = '') => runConvox(args, { env: { RACK_URL: rack.url }, input });
  return { rack, convox };
}

test('convox forges: adds with a token from stdin, lists and removes', async (t) => {
  const { rack, convox } = await start(t);
  const added = await convox(['forges', 'add', 'github', 'github.com'], 'ghp_t0ken\n');
  t.deepEqual([added.stdout, added.stderr], ['Adding forge github.com... OK\n', '']);
  t.deepEqual(rack.seen.at(-1)?.form, { kind: 'github', host: 'github.com', token: 'ghp_t0ken\n' });
  await convox(['forges', 'add', 'gitea', 'git.example.org', '--api-url', 'https://git.example.org/v1'], 'x');
  t.like(rack.seen.at(-1)?.form, { 'api-url': 'https://git.example.org/v1' });
  t.is(
    (await convox(['forges'])).stdout,
    'HOST        KIND    API                     PROBLEM\ngithub.com  github  https://api.github.com  status 401: Bad credentials\n',
  );
  t.is((await convox(['forges', 'remove', 'git.example.org:8443'])).code, 0);
  t.like(JSON.parse((await convox(['forges', '--json'])).stdout), [{ host: 'github.com' }]);
});

test('convox forges: says what is missing', async (t) => {
  const { rack, convox } = await start(t);
  const none = await convox(['forges', 'add', 'github', 'github.com']);
  t.is(none.code, 1);
  t.regex(none.stderr, /token/);
  t.deepEqual(
    rack.seen.filter(({ method }) => method === 'POST'),
    [],
  );
  t.is((await convox(['forges', 'remove', 'nowhere'])).stderr, 'ERROR: forge not found: nowhere\n');
});
