import test from 'ava';

import { type CacheSituation, chooseCacheExport } from './choose-cache-export.js';

const SLOW: CacheSituation = {
  mode: 'auto',
  isNoCache: false,
  unexportedMs: 60_000,
  lastExportMs: 10_000,
  builds: 20,
  coldBuilds: 1,
  workers: 1,
};
const isExported = (change: Partial<CacheSituation>) => chooseCacheExport({ ...SLOW, ...change }).isExported;

test('chooseCacheExport() is switched off, and forced', (t) => {
  t.deepEqual(chooseCacheExport({ ...SLOW, mode: 'off' }), { isExported: false, reason: 'the layer cache is off' });
  t.true(isExported({ mode: 'always', unexportedMs: 1, lastExportMs: 1e9 }));
});

test('chooseCacheExport() never exports what has not changed, or would be built again', (t) => {
  for (const mode of ['auto', 'always'] as const) {
    t.false(isExported({ mode, unexportedMs: 0 }));
    t.false(isExported({ mode, isNoCache: true }));
  }
});

test('chooseCacheExport() weighs the work against the cost of the last export', (t) => {
  t.false(isExported({}), 'one worker, whose disk has never been cold again');
  t.true(isExported({ lastExportMs: 1000 }));
  t.true(isExported({ unexportedMs: 600_000 }));
  t.false(isExported({ unexportedMs: 500, lastExportMs: undefined, workers: 2 }));
  t.true(isExported({ unexportedMs: 5000, lastExportMs: undefined, workers: 2 }), 'the first one is guessed');
});

test('chooseCacheExport() learns from how often the disk was cold', (t) => {
  t.true(isExported({ coldBuilds: 10 }));
  t.true(isExported({ workers: 2 }));
  t.false(isExported({ workers: 2, builds: 1000 }), 'several workers, and nevertheless always warm');
});

test('chooseCacheExport() tells why', (t) => {
  t.is(
    chooseCacheExport({ ...SLOW, coldBuilds: 11 }).reason,
    'it pays: 60.0 s of work, at a chance of 43 % that it is needed',
  );
});
