import { setTimeout as sleep } from 'node:timers/promises';

import test from 'ava';

import type { SolveStatus } from './solve-status.js';
import { watchReports } from './watch-reports.js';

const STATUS: SolveStatus = { vertexes: [], progress: [], logs: [], warnings: [] };
const SILENCE_MS = 20;
const NEVER = new AbortController().signal;

test('watchReports() waits as long as reports come, and for a listener that takes its time', async (t) => {
  let seen = 0;
  const watch = watchReports(
    async () => {
      await sleep(4 * SILENCE_MS);
      seen++;
    },
    { silenceMs: SILENCE_MS },
  );
  const reports = async () => {
    for (let report = 0; report < 5; report++) await watch.onStatus(STATUS);
    return 'all';
  };
  t.is(await watch.waitForEnd(reports(), NEVER), 'all');
  t.is(seen, 5);
});

test('watchReports() gives up when nothing comes, when they break off, and when nobody wants them', async (t) => {
  const watch = watchReports(() => {}, { silenceMs: SILENCE_MS });
  t.is(await watch.waitForEnd(new Promise(() => {}), NEVER), undefined);
  t.is(await watch.waitForEnd(Promise.reject(new Error('broken off')), NEVER), undefined);
  const busy = watchReports(() => new Promise(() => {}), { silenceMs: SILENCE_MS });
  void busy.onStatus(STATUS);
  t.is(await busy.waitForEnd(new Promise(() => {}), AbortSignal.abort()), undefined);
});
