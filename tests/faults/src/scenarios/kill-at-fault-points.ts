import type { FaultPointName } from '@convox-builds/testing';

import { at, type Scenario, wantAttempt } from './scenario.js';

type Row = readonly [row: string, point: FaultPointName, more: Pick<Scenario, 'isQuick' | 'complain'>];

const AGAIN = wantAttempt(2);
const ONCE = wantAttempt(1);

const WORKER_ROWS: readonly Row[] = [
  ['3a', 'before-claim', { complain: ONCE }],
  ['3', 'after-claim', { complain: AGAIN }],
  ['4', 'after-fetch', { complain: AGAIN }],
  ['5', 'during-solve', { complain: AGAIN, isQuick: true }],
  ['6', 'before-push', { complain: AGAIN }],
  ['7', 'after-push', { complain: AGAIN }],
  ['8', 'after-verify', { complain: AGAIN }],
  ['9', 'before-commit', { complain: AGAIN }],
  ['10', 'after-commit', { complain: ONCE }],
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
    title: `the api is killed ${point.replaceAll('-', ' ')}: the client asks again, and there is one build`,
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
