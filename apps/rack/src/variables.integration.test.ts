import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import test from 'ava';

import { startTestRack } from './testing/start-test-rack.js';

const METRICS_TOKEN = 'a-token-for-prometheus';
const START = fileURLToPath(new URL('../../../tools/start.mjs', import.meta.url));

test('promise 10: the rack drops no variable that is for the api, a worker or the registry', async (t) => {
  const environment = { METRICS_TOKEN, RACK_NAME: 'forge', WORKER_NAME: 'anvil', DOCKER_HUB_MIRROR: 'mirror.test/hub' };
  const rack = await startTestRack({ environment, workers: 2 });
  t.teardown(rack.stop);
  const { origin } = new URL(rack.url);
  const metrics = await fetch(`${origin}/metrics`, { headers: { Authorization: `Bearer ${METRICS_TOKEN}` } });
  t.is(metrics.status, 200);
  t.is((await rack.json<{ name: string }>('rack')).name, 'forge');
  const findings = await rack.json<{ on: string }[]>('rack', 'doctor');
  const workers = [...new Set(findings.map(({ on }) => on))].filter((on) => on !== 'rack');
  t.is(workers.length, 2);
  t.true(workers.includes('anvil'));
  t.regex(rack.service.output(), /^Base images: Docker Hub\.$/m);
});

test('npm start -- --help: tells what there is, and sets nothing up', async (t) => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [START, '--help']);
  t.regex(stdout, /^Usage: npm start -- \[options\]\n[\s\S]* --data [\s\S]* --port [\s\S]* --workers /);
  t.is(stderr, '');
});
