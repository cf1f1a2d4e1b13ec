import { setTimeout as sleep } from 'node:timers/promises';

import { startFaultyFront, waitUntil } from '@convox-builds/testing';

import { APP, type Bench } from '../bench/bench.js';
import type { S3OfCluster } from '../cluster/services.js';
import type { Wires } from '../cluster/wires.js';
import { away, freeze } from './damage.js';
import type { Scenario } from './scenario.js';

const TEN_SECONDS = 10_000;

function getS3({ cluster }: Bench): S3OfCluster & { readonly wires: readonly NonNullable<Wires['s3']>[] } {
  const { s3 } = cluster.services;
  if (s3 === undefined) throw new Error('Cannot damage S3: the objects of this cluster are in a folder');
  const wires = [...cluster.apis, ...cluster.workers].flatMap(({ wires: { s3: wire } }) => wire ?? []);
  return { ...s3, wires };
}

/** Builds while S3 is damaged, and then waits until the logs are there, too. */
async function buildThrough(bench: Bench, damage: () => Promise<void>): Promise<void> {
  const submitted = [bench.submit(), bench.submit()];
  await damage();
  const builds = await Promise.all([...submitted, bench.submit()]);
  await bench.settle();
  const areLogsThere = async () =>
    (await bench.store.builds.list(APP, { limit: builds.length })).every(({ logs }) => logs !== '');
  await waitUntil(areLogsThere, { what: 'the logs are in S3', timeoutMs: 120_000 });
}

/** S3 that is busy, cut off, frozen, or away, while sources come and go and logs are stored. */
export const S3_SCENARIOS: readonly Scenario[] = [
  {
    row: '34a',
    title: 'S3 answers 503 for ten seconds',
    cluster: { isOnS3: true },
    run: async (bench) => {
      const { wires, port } = getS3(bench);
      const front = await startFaultyFront(`http://127.0.0.1:${port}`);
      front.fail(() => ({ status: 503 }));
      for (const wire of wires) wire.leadTo(Number(new URL(front.url).port));
      for (const wire of wires) wire.cut();
      try {
        await buildThrough(bench, async () => {
          await sleep(TEN_SECONDS);
          front.fail(() => undefined);
        });
        if (front.seen.length === 0) throw new Error('Nobody has asked S3 meanwhile');
      } finally {
        for (const wire of wires) wire.leadTo(port);
        front.close();
      }
    },
  },
  {
    row: '34b',
    title: 'connections to S3 are cut every half second',
    isQuick: true,
    cluster: { isOnS3: true },
    run: async (bench) => {
      const { wires } = getS3(bench);
      for (const wire of wires) wire.slow({ bytesPerSecond: 1_000_000 });
      let cuts = 0;
      await buildThrough(bench, async () => {
        for (let rounds = 0; rounds < 16; rounds++) {
          await sleep(500);
          for (const wire of wires) cuts += wire.cut();
        }
        for (const wire of wires) wire.heal();
      });
      bench.say(`${cuts} connections were cut`);
      if (cuts === 0) throw new Error('There was no connection to cut');
    },
  },
  {
    row: '34c',
    title: 'S3 freezes for 15 seconds',
    cluster: { isOnS3: true },
    run: (bench) => buildThrough(bench, () => freeze(getS3(bench).member, 15_000)),
  },
  {
    row: '34d',
    title: 'S3 is killed, and comes back after ten seconds',
    cluster: { isOnS3: true },
    run: (bench) => buildThrough(bench, () => away(getS3(bench).member, { ms: TEN_SECONDS })),
  },
];
