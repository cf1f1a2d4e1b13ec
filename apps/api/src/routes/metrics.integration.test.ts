import { once } from 'node:events';

import { waitUntil } from '@convox-builds/testing';
import anyTest, { type TestFn } from 'ava';

import { claimTestBuild, createTestBuild } from '../testing/claim-build.js';
import { openLog } from '../testing/read-log.js';
import { roleToken } from '../testing/role-token.js';
import { basic, METRICS_TOKEN, startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.beforeEach(async (t) => {
  t.context.api = await startTestApi();
});
test.afterEach.always((t) => t.context.api?.stop());

const scrape = (api: TestApi) => api.call('GET', '/metrics', { authorization: `Bearer ${METRICS_TOKEN}` });

/** Reads the samples of the text format (version 0.0.4) by name and labels, and refuses every line that is not of it. The library writes `Nan`. */
function parseSamples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !/^# (?:HELP|TYPE) [a-z_0-9]+ /.test(line));
  return new Map(
    lines.map((line) => {
      const [, name, value] = /^([a-z_0-9]+(?:\{.*\})?) (NaN|Nan|[+-]?Inf|[-+.e\d]+)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`Cannot read sample "${line}"`);
      return [name, Number(value)];
    }),
  );
}

const samplesOf = async (api: TestApi) => parseSamples((await scrape(api)).text);

test.serial('GET /metrics: counts requests by route and never by path', async (t) => {
  const { api } = t.context;
  const name = (labels: string) => `convox_builds_http_request_duration_seconds_count{${labels}}`;
  const found = name('method="GET",route="/apps/:app",status_class="2xx"');
  const missing = name('method="GET",route="/apps/:app",status_class="4xx"');
  const unknown = name('method="GET",route="unknown",status_class="4xx"');
  const before = await samplesOf(api);
  t.deepEqual(
    [found, missing, unknown].map((sample) => before.get(sample)),
    [undefined, undefined, undefined],
  );
  await api.call('POST', '/apps', { form: { name: 'secret-project' } });
  for (const path of ['/apps/secret-project', '/apps/nope', '/nowhere/at/all', '/nowhere/else']) {
    await api.call('GET', path);
  }
  const { text, headers } = await scrape(api);
  t.is(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  const after = parseSamples(text);
  t.deepEqual(
    [found, missing, unknown].map((sample) => after.get(sample)),
    [1, 1, 2],
  );
  t.notRegex(text, /secret-project|nope|nowhere/);
  t.true((after.get('nodejs_eventloop_lag_p99_seconds') ?? -1) >= 0);
});

test.serial(
  'GET /metrics: is for the token of scrapers and for everybody who may read, and the token opens nothing else',
  async (t) => {
    const { api } = t.context;
    const status = async (authorization: string, path = '/metrics') =>
      (await api.call('GET', path, { authorization })).status;
    t.is(await status(`Bearer ${METRICS_TOKEN}`), 200);
    t.is((await api.call('GET', '/metrics')).status, 200);
    t.is(await status(basic('jwt', roleToken({ role: 'r' }))), 200);
    for (const stranger of ['', 'Bearer', 'Bearer undefined', `Bearer ${METRICS_TOKEN}x`, basic('x', METRICS_TOKEN)]) {
      t.is(await status(stranger), 401, stranger);
    }
    t.is(await status(`Bearer ${METRICS_TOKEN}`, '/apps'), 401);
  },
);

test.serial('GET /metrics: tells what waits and what runs, and goes on without the database', async (t) => {
  const { api } = t.context;
  const active = async () => {
    const samples = await samplesOf(api);
    return ['queued', 'running'].map((state) =>
      samples.get(`convox_builds_active_builds{state="${state}",lane="interactive"}`),
    );
  };
  t.deepEqual(await active(), [0, 0]);
  await createTestBuild(api.store, 'web');
  await claimTestBuild(api.store, 'web');
  t.deepEqual(await active(), [1, 1]);
  t.true(((await samplesOf(api)).get('convox_builds_oldest_queued_build_age_seconds') ?? 0) > 0);
  await api.postgres.service.stop('SIGQUIT');
  t.deepEqual(await active(), [Number.NaN, Number.NaN]);
});

test.serial('GET /metrics: counts what the reconciler does, and what it cannot do', async (t) => {
  const { api } = t.context;
  const count = async (name: string) => (await samplesOf(api)).get(`convox_builds_${name}`);
  t.is(await count('expired_leases_total{outcome="queued"}'), 0);
  const ended = await claimTestBuild(api.store, 'web');
  await api.store.logs.append(ended, Buffer.from('a line\n'));
  await api.store.attempts.fail(ended, { failureClass: 'user', reason: 'exit code 1' });
  await claimTestBuild(api.store, 'web', { leaseMs: 1 });
  await api.store.workers.report({ name: 'one', owner: 'one/1', slots: 1, state: 'ready', findings: [] });
  await waitUntil(
    async () => {
      await api.reconcile();
      return ((await count('queue_rings_total')) ?? 0) > 0;
    },
    { what: 'the build is rung again' },
  );
  t.is(await count('expired_leases_total{outcome="queued"}'), 1);
  t.is(await count('expired_leases_total{outcome="failed"}'), 0);
  t.is(await count('compacted_logs_total'), 1);
  await api.postgres.service.stop('SIGQUIT');
  await api.reconcile();
  t.is(await count('reconcile_failures_total{step="dispatchBuilds"}'), 1);
});

test.serial('GET /metrics: counts uploaded bytes that were stored, and readers of logs', async (t) => {
  const { api } = t.context;
  await api.call('POST', '/apps', { form: { name: 'web' } });
  await api.call('POST', '/apps/web/objects/a.tgz', { body: 'x'.repeat(1000) });
  await api.call('POST', '/apps/nope/objects/a.tgz', { body: 'x'.repeat(1000) });
  t.is((await samplesOf(api)).get('convox_builds_uploaded_bytes_total'), 1000);
  const { buildId } = await claimTestBuild(api.store, 'web');
  const reader = openLog(api.port, `/apps/web/builds/${buildId}/logs`);
  await once(reader.socket, 'open');
  t.is((await samplesOf(api)).get('convox_builds_log_readers'), 1);
  reader.socket.terminate();
  await waitUntil(async () => (await samplesOf(api)).get('convox_builds_log_readers') === 0, {
    what: 'nobody reads any more',
  });
});
