import type { FaultPointName } from '@convox-builds/testing';

import { at, type Scenario, wantAttempt } from './scenario.js';

/** What is known to be missing for a worker that dies here. */
type Row = readonly [row: string, point: FaultPointName, more: Pick<Scenario, 'isQuick' | 'pending' | 'complain'>];

const AGAIN = wantAttempt(2);
const ONCE = wantAttempt(1);
const NO_TAG = 'nobody writes the tags of a build whose worker died between the commit and the tags';
const LATE_RING =
  'it is built, but only after two minutes: BullMQ keeps the job of the dead worker until its lock of 120 s has run out, and ignores every ring under the same id';

const WORKER_ROWS: readonly Row[] = [
  ['3a', 'before-claim', { complain: ONCE, pending: LATE_RING }],
  ['3', 'after-claim', { complain: AGAIN }],
  ['4', 'after-fetch', { complain: AGAIN }],
  ['5', 'during-solve', { complain: AGAIN, isQuick: true }],
  ['6', 'before-push', { complain: AGAIN }],
  ['7', 'after-push', { complain: AGAIN }],
  ['8', 'after-verify', { complain: AGAIN }],
  ['9', 'before-commit', { complain: AGAIN }],
  ['10', 'after-commit', { complain: ONCE, pending: NO_TAG }],
  ['11', 'before-ack', { complain: ONCE }],
];

/** The worker is killed where a fault point says, and another one is started in its place. */
export const WORKER_KILLS: readonly Scenario[] = WORKER_ROWS.map(([row, point, more]) => ({
  row,
  title: `the worker is killed ${point.replaceAll('-', ' ')}`,
  cluster: { workerFault: `${point}:exit` },
  run: async ({ submit, cluster }) => {
    const worker = at(cluster.workers, 0);
    await submit();
    await worker.ended();
    await worker.start();
  },
  ...more,
}));

/** The api is killed between a request and its answer: the client asks again. */
export const API_KILLS: readonly Scenario[] = (['after-accept-commit', 'before-enqueue'] as const).map(
  (point, index) => ({
    row: String(index + 1),
    title: `the api is killed ${point.replaceAll('-', ' ')}: the client asks again, and every build that is on record ends`,
    cluster: { apiFault: `${point}:exit` },
    run: async ({ submit, cluster }) => {
      const api = at(cluster.apis, 0);
      const submitted = submit();
      await api.ended();
      await api.start();
      await submitted;
    },
  }),
);
