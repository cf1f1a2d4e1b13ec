import type { Store } from '@convox-builds/store';

import { type Check, failed, ok, warning } from './check.js';
import { askRedis } from './check-redis.js';

const NOTED_MS = 5000;
/** What is given out is signed with our time: registries and S3 believe it within about a minute. */
const REFUSED_MS = 60_000;

/** How far another clock is ahead of ours. */
interface Skew {
  readonly of: string;
  readonly aheadMs: number;
}

/** Asks between two looks at our own clock: half of the way belongs to the answer. */
async function measure(of: string, readClock: () => Promise<Date>): Promise<Skew> {
  const before = Date.now();
  const theirs = (await readClock()).getTime();
  return { of, aheadMs: theirs - (before + Date.now()) / 2 };
}

async function readRedisClock(redisUrl: string): Promise<Date> {
  const [seconds = 0] = (await askRedis(redisUrl, (redis) => redis.time())).map(Number);
  // Without its microseconds: half a second off, on average.
  return new Date(seconds * 1000 + 500);
}

const describe = ({ of, aheadMs }: Skew) =>
  `the clock of ${of} is ${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} ours`;

/** The clocks of the database and of Redis are those of this process. One that cannot be asked is somebody else's finding. */
export function checkClocks({ readClock }: Pick<Store, 'readClock'>, redisUrl: string): Check {
  return {
    name: 'clocks',
    run: async () => {
      const asked = await Promise.allSettled([
        measure('the database', readClock),
        measure('redis', () => readRedisClock(redisUrl)),
      ]);
      const skews = asked.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      if (skews.length === 0) return warning('no other clock answers: nothing to compare ours with');
      const wrong = skews.filter(({ aheadMs }) => Math.abs(aheadMs) > NOTED_MS);
      if (wrong.length === 0) return ok(`as those of ${skews.map(({ of }) => of).join(' and ')}`);
      const message = `${wrong.map(describe).join(', ')}: let all machines follow one time server`;
      return wrong.some(({ aheadMs }) => Math.abs(aheadMs) > REFUSED_MS) ? failed(message) : warning(message);
    },
  };
}
