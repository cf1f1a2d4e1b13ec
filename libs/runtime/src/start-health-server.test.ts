import test, { type ExecutionContext } from 'ava';

import { createHealth } from './create-health.js';
import { createLogger } from './create-logger.js';
import { createMetrics } from './create-metrics.js';
import { startHealthServer } from './start-health-server.js';

const logger = createLogger({ name: 'test', level: 'silent' });

async function serve(t: ExecutionContext, check: () => Promise<void> = async () => {}) {
  const health = createHealth({ checks: [{ name: 'buildkitd', check }], logger });
  const metrics = createMetrics({ logger });
  const { port, close } = await startHealthServer({ port: 0, health, metrics, logger });
  t.teardown(close);
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
  };
  return { ask, metrics, port };
}

test('startHealthServer(): is live whatever the state of its parts, and ready by it', async (t) => {
  let isWell = true;
  const { ask } = await serve(t, async () => {
    if (!isWell) throw new Error('away');
  });
  t.like(await ask('/health/ready?verbose'), { status: 200, text: 'ok\n', type: 'text/plain; charset=utf-8' });
  isWell = false;
  t.like(await ask('/health/ready'), { status: 503, text: 'buildkitd does not answer\n' });
  t.like(await ask('/health/live'), { status: 200, text: 'ok\n' });
});

test('startHealthServer(): serves the metrics', async (t) => {
  const { ask, metrics } = await serve(t);
  metrics.gauge({ name: 'build_slots', help: 'Slots.' }).set(4);
  const { status, text, type } = await ask('/metrics');
  t.is(status, 200);
  t.regex(String(type), /^text\/plain; version=0\.0\.4/);
  t.regex(text, /^convox_builds_build_slots 4$/m);
});

test('startHealthServer(): answers HEAD without a body, and nothing else', async (t) => {
  const { ask } = await serve(t);
  t.like(await ask('/health/live', 'HEAD'), { status: 200, text: '' });
  t.is((await ask('/health/live', 'POST')).status, 405);
  t.is((await ask('/')).status, 404);
  t.is((await ask('/constructor')).status, 404);
});

test('startHealthServer(): says that its port is taken', async (t) => {
  const { port } = await serve(t);
  const health = createHealth({ checks: [], logger });
  const second = startHealthServer({ port, health, metrics: createMetrics({ logger }), logger });
  await t.throwsAsync(second, { code: 'EADDRINUSE' });
});
