import { createRandom } from '@convox-builds/testing';
import test from 'ava';

import { planDay } from './plan-day.js';

const DAY = planDay({ builds: 20_000, apps: 100, random: createRandom(1) });
const share = (is: (build: (typeof DAY)[number]) => boolean) => DAY.filter(is).length / DAY.length;
const isAbout = (value: number, wanted: number) => Math.abs(value / wanted - 1) < 0.15;

test('planDay(): in order, within the day, and the same for a seed', (t) => {
  t.true(DAY.every(({ atSeconds }, index) => atSeconds >= (DAY[index - 1]?.atSeconds ?? 0) && atSeconds < 86_400));
  t.deepEqual(planDay({ builds: 20_000, apps: 100, random: createRandom(1) }), DAY);
});

test('planDay(): has the hours of people, the minute of timers, and ends of each kind', (t) => {
  const inHour = (hour: number) => share(({ atSeconds }) => Math.floor(atSeconds / 3600) === hour);
  t.true(inHour(10) > 10 * inHour(3));
  t.true(
    isAbout(
      share(({ atSeconds }) => atSeconds >= 7200 && atSeconds < 7260),
      0.03,
    ),
  );
  t.true(
    isAbout(
      share(({ end }) => end === 'user'),
      0.12,
    ),
  );
  t.true(
    isAbout(
      share(({ app }) => app < 10),
      0.316,
    ),
  );
});

test('planDay(): half of the solves are shorter than the median, and few are long', (t) => {
  t.true(
    isAbout(
      share(({ solveSeconds }) => solveSeconds < 100),
      0.5,
    ),
  );
  t.true(share(({ solveSeconds }) => solveSeconds > 500) < 0.05);
});
