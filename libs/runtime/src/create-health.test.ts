import test from 'ava';

import { createHealth, type HealthCheck } from './create-health.js';
import { createLogger } from './create-logger.js';

function open(checks: readonly HealthCheck[], timeoutMs?: number) {
  const lines: { msg: string; part: string }[] = [];
  const logger = createLogger({ name: 'test', destination: { write: (line) => void lines.push(JSON.parse(line)) } });
  const stop = new AbortController();
  const { signal } = stop;
  const health = createHealth({ checks, logger, signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  return { health, stop, logged: () => lines.map(({ msg, part }) => `${part}: ${msg}`) };
}

const away = (): Promise<void> => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3:5432'));
const well = async () => {};

test('createHealth(): is ready when every part is well', async (t) => {
  const { health } = open([{ name: 'database', check: well }]);
  t.deepEqual(await health.report(), { isReady: true, text: 'ok\n' });
});

test('createHealth(): names each part that is not well, and no hosts', async (t) => {
  const { health } = open([
    { name: 'database', check: away },
    { name: 'buildkitd', check: well },
    { name: 'registry', check: away, problem: 'refuses us' },
  ]);
  t.deepEqual(await health.report(), { isReady: false, text: 'database does not answer\nregistry refuses us\n' });
});

test('createHealth(): a part that is not required is reported only', async (t) => {
  const { health } = open([{ name: 'redis', check: away, isRequired: false }]);
  t.deepEqual(await health.report(), { isReady: true, text: 'ok\nredis does not answer\n' });
});

test('createHealth(): a process that stops says so, and what it has closed is no illness', async (t) => {
  const { stop, health, logged } = open([{ name: 'database', check: away }]);
  stop.abort();
  t.deepEqual(await health.report(), { isReady: true, text: 'draining\n' });
  t.deepEqual(logged(), []);
});

test('createHealth(): does not wait for a part that is stuck, and does not ask it again meanwhile', async (t) => {
  let asked = 0;
  let answer = () => {};
  const check = () => {
    asked++;
    return new Promise<void>((resolve) => {
      answer = resolve;
    });
  };
  const { health } = open([{ name: 'database', check }], 50);
  t.false((await health.report()).isReady);
  t.false((await health.report()).isReady);
  t.is(asked, 1);
  answer();
  await new Promise(setImmediate);
  const again = health.report();
  t.is(asked, 2);
  answer();
  t.true((await again).isReady);
});

test('createHealth(): logs once when a part gets ill, and once when it is well again', async (t) => {
  let check = away;
  const { health, logged } = open([{ name: 'database', check: () => check() }]);
  await health.report();
  await health.report();
  check = well;
  await health.report();
  await health.report();
  t.deepEqual(logged(), ['database: A part is not well', 'database: A part is well again']);
});
