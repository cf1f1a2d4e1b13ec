import type { BuildCacheRecord, BuildRecord, PromotionRecord } from '@convox-builds/store';
import test from 'ava';

import { describeComment } from './describe-comment.js';

const START = new Date('2026-11-25T12:00:00Z');
const BUILD = {
  ...{ id: 'BABC', app: 'shop', state: 'complete', reason: '', releaseId: 'RABC', images: {} },
  startedAt: START,
  endedAt: new Date(START.getTime() + 60_000),
} as BuildRecord;
const FACTS = {
  ...{ commit: 'c'.repeat(40), rackName: 'prod', publicUrl: '', medianMs: undefined, caches: [], sizes: undefined },
  promotion: undefined,
};

test('describeComment() says how long it took next to what is usual', (t) => {
  const took = (medianMs: number | undefined) =>
    /\| Took \| (.*) \|/.exec(describeComment(BUILD, { ...FACTS, medianMs }))?.[1];
  t.is(took(undefined), '1m 0s');
  t.is(took(30_000), '1m 0s, 100% slower than the median of 30s');
  t.is(took(120_000), '1m 0s, 50% faster than the median of 2m 0s');
  t.is(took(62_000), '1m 0s, like the median of 1m 2s');
});

test('describeComment() says how large the images are, and how much that has changed', (t) => {
  const size = (bytes: number, beforeBytes: number | undefined) =>
    /\| Size \| (.*) \|/.exec(describeComment(BUILD, { ...FACTS, sizes: { bytes, beforeBytes } }))?.[1];
  t.is(size(12_340_000, undefined), '12.3 MB');
  t.is(size(12_340_000, 12_341_000), '12.3 MB');
  t.is(size(12_340_000, 10_000_000), '12.3 MB, 2.3 MB more than the build before');
  t.is(size(10_000_000, 12_340_000), '10.0 MB, 2.3 MB less than the build before');
});

test('describeComment() says how many steps came from caches, and how its promotion stands', (t) => {
  const web = { localSteps: 3, registrySteps: 1, builtSteps: 2 } as BuildCacheRecord;
  const job = { localSteps: 0, registrySteps: 0, builtSteps: 4 } as BuildCacheRecord;
  const promotion = { state: 'failed', releaseId: 'RABC', reason: 'no `room`' } as PromotionRecord;
  const text = describeComment(BUILD, { ...FACTS, caches: [web, job], promotion });
  t.true(text.includes('| Cached | 4 of 10 steps |'), text);
  t.true(text.includes("| Promotion | `RABC was not promoted: no 'room'` |"), text);
  t.notRegex(describeComment(BUILD, FACTS), /Cached|Promotion/);
});

test('describeComment() lets no reason mention anybody, or leave its place', (t) => {
  const reason = 'exit code 1 `@acme` | [x](https://evil.example) <img src=x>\n# Heading';
  const text = describeComment({ ...BUILD, state: 'failed', releaseId: '', reason }, FACTS);
  const [, row] = /\n\| Reason \| `([^`|\n]*)` \|\n/.exec(text) ?? [];
  t.is(row, "exit code 1 '@acme' ' [x](https://evil.example) <img src=x>'# Heading");
});
