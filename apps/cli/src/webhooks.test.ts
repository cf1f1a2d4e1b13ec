import test, { type ExecutionContext } from 'ava';
import { runConvox } from './testing/run-convox.js';
import { type SeenRequest, startFakeRack } from './testing/start-fake-rack.js';

const WEBHOOK = { id: 'WA', url: 'https://example.com/x', app: '', events: ['build:create', 'release:promote'] };
const DELIVERY = {
  ...{ id: 'd1', event: 'build:create', app: 'shop', state: 'pending', tries: 2, reason: 'status 500' },
  ...{ 'answer-status': 500, 'duration-ms': 12, answer: 'out of order', created: '0001-01-01T00:00:00Z' },
};

function answer({ method, path }: SeenRequest): { status: number; body: string } | undefined {
  const ok = (value: unknown) => ({ status: 200, body: JSON.stringify(value) });
  const routes: Record<string, unknown> = {
    'GET /webhooks': [WEBHOOK],
    'POST /webhooks': { ...WEBHOOK, secret: 'whsec_1' },
    'DELETE /webhooks/WA': 'ok',
    'GET /webhooks/WA/deliveries': [DELIVERY],
    'POST /webhooks/WA/deliveries/d1/redeliver': 'ok',
  };
  const found = routes[`${method} ${path}`];
  if (found !== undefined) return ok(found);
  return path.startsWith('/webhooks/') ? { status: 404, body: 'webhook not found: WB\n' } : undefined;
}

async function start(t: ExecutionContext, intercept = answer) {
  const rack = await startFakeRack({ intercept });
  t.teardown(() => rack.close());
  return { rack, convox: (...args: readonly string[]) => runConvox(args, { env: { RACK_URL: rack.url } }) };
}

test('convox webhooks: creates, lists and deletes', async (t) => {
  const { rack, convox } = await start(t);
  const created = await convox('webhooks', 'create', 'https://example.com/x', '--events', 'build:create', '-a', 'shop');
  t.is(created.stdout, 'Creating webhook... OK, WA\nSecret  whsec_1\n');
  t.deepEqual(rack.seen.at(-1)?.form, { url: 'https://example.com/x', events: 'build:create', app: 'shop' });
  await convox('webhooks', 'create', 'https://example.com/x');
  t.deepEqual(rack.seen.at(-1)?.form, { url: 'https://example.com/x' });
  t.is(
    (await convox('webhooks')).stdout,
    'ID  APP    EVENTS                        URL\nWA  (all)  build:create,release:promote  https://example.com/x\n',
  );
  t.is((await convox('webhooks', 'delete', 'WA')).stdout, 'Deleting webhook WA... OK\n');
  const json = await convox('webhooks', 'create', 'https://example.com/x', '--json');
  t.like(JSON.parse(json.stdout), { id: 'WA', secret: 'whsec_1' });
});

test('convox webhooks: deliveries with what came of them, and sending one again', async (t) => {
  const { rack, convox } = await start(t);
  t.is(
    (await convox('webhooks', 'deliveries', 'WA', '--limit', '3')).stdout,
    [
      'ID  EVENT         APP   STATE    TRIES  STATUS  TOOK  CREATED  ANSWER',
      'd1  build:create  shop  pending  2      500     12ms           status 500: out of order\n',
    ].join('\n'),
  );
  t.deepEqual(rack.seen.at(-1)?.query, { limit: '3' });
  t.is((await convox('webhooks', 'redeliver', 'WA', 'd1')).stdout, 'Sending d1 again... OK\n');
});

test('convox webhooks: says what is missing, and when the rack has none at all', async (t) => {
  const { convox } = await start(t);
  t.is((await convox('webhooks', 'delete', 'WB')).stderr, 'ERROR: webhook not found: WB\n');
  const old = await start(t, () => undefined);
  t.deepEqual(await old.convox('webhooks'), { code: 1, stdout: '', stderr: 'ERROR: this rack has no webhooks\n' });
});
