import type { QueueWait } from '@convox-builds/store';
import test from 'ava';

import { explainWait, formatWait } from './explain-wait.js';

const NOW = new Date('2026-01-01T12:00:00Z');

const WAIT: QueueWait = {
  position: 5,
  slots: 2,
  used: 2,
  appRunning: 1,
  appLimit: undefined,
  notBefore: NOW,
  isAdmitted: false,
  reason: '',
  usualMs: 60_000,
};

const format = (change: Partial<QueueWait>) => formatWait(explainWait({ ...WAIT, ...change }, NOW));

test('formatWait() tells the position, the time and the cause', (t) => {
  t.is(format({}), 'Waiting: position 5, starts in about 3 min (all 2 build slots are taken)');
  t.is(
    format({ position: 1, usualMs: 1500 }),
    'Waiting: position 1, starts in about 2 s (all 2 build slots are taken)',
  );
  t.is(
    format({ slots: 1, used: 1, position: 1 }),
    'Waiting: position 1, starts in about 1 min (the only build slot is taken)',
  );
  t.is(format({ usualMs: undefined }), 'Waiting: position 5 (all 2 build slots are taken)');
});

test('formatWait() knows other causes', (t) => {
  t.is(format({ slots: 0, used: 0 }), 'Waiting: position 5 (no worker is ready)');
  t.regex(format({ appLimit: 1, used: 1 }), /\(its app runs 1 of at most 1 builds\)$/);
  t.regex(format({ isAdmitted: true }), /\(a worker is about to take it up\)$/);
  t.is(
    format({ position: 1, used: 0, notBefore: new Date('2026-01-01T12:00:10Z'), reason: 'the registry is away' }),
    'Waiting: position 1, starts in about 10 s (it is tried again at 12:00:10 UTC: the registry is away)',
  );
});
