import type { BuildLane } from '@convox-builds/domain';
import type { Random } from '@convox-builds/testing';

const DAY_SECONDS = 24 * 3600;

/** How much of a day's builds begins in each hour: people of one continent at work, and machines at night. */
const HOURS = [6, 5, 5, 5, 6, 10, 20, 40, 70, 95, 100, 85, 60, 85, 100, 95, 80, 60, 40, 28, 20, 14, 10, 8];
/** Builds of timers, which all go off in one minute of the night. */
const NIGHTLY_PART = 0.03;
const NIGHTLY_SECOND = 2 * 3600;
const NIGHTLY_WITHIN_SECONDS = 60;

/** Half of all solves take less; the logarithm of their times is normal, as it is of builds. */
const MEDIAN_SOLVE_SECONDS = 100;
const SOLVE_SPREAD = 0.9;
/** No solve takes longer. */
export const MAX_SOLVE_SECONDS = 600;

const FAILED_PART = 0.12;
const PLATFORM_PART = 0.01;
const CANCELLED_PART = 0.02;
const FOLLOWED_PART = 0.2;

/** How a build is to end, unless it is cancelled or its worker is lost. */
export type PlannedEnd = 'complete' | 'user' | 'platform';

/** A build of the day; times are of that day, in seconds. */
export interface PlannedBuild {
  readonly atSeconds: number;
  /** Counted from 0; a few apps have most builds. */
  readonly app: number;
  readonly lane: BuildLane;
  readonly solveSeconds: number;
  readonly end: PlannedEnd;
  /** Somebody cancels it half a solve after it was asked for. */
  readonly isCancelled: boolean;
  /** Somebody reads its log to the end. */
  readonly isFollowed: boolean;
}

function pickHour({ next }: Random): number {
  let left = next() * HOURS.reduce((sum, part) => sum + part, 0);
  return Math.max(
    0,
    HOURS.findIndex((part) => (left -= part) < 0),
  );
}

function pickSolveSeconds({ next }: Random): number {
  // Box and Muller.
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Math.min(MAX_SOLVE_SECONDS, MEDIAN_SOLVE_SECONDS * Math.exp(SOLVE_SPREAD * normal));
}

function pickEnd({ next }: Random): PlannedEnd {
  const drawn = next();
  if (drawn < FAILED_PART) return 'user';
  return drawn < FAILED_PART + PLATFORM_PART ? 'platform' : 'complete';
}

function planBuild(random: Random, apps: number): PlannedBuild {
  const isNightly = random.next() < NIGHTLY_PART;
  const hour = pickHour(random);
  return {
    atSeconds: isNightly
      ? NIGHTLY_SECOND + random.next() * NIGHTLY_WITHIN_SECONDS
      : (hour + random.next()) * (DAY_SECONDS / HOURS.length),
    // The square of what is even: a tenth of the apps has a third of the builds.
    app: Math.floor(random.next() ** 2 * apps),
    lane: isNightly ? 'automatic' : random.pick(['interactive', 'deploy', 'automatic']),
    solveSeconds: pickSolveSeconds(random),
    end: pickEnd(random),
    isCancelled: random.next() < CANCELLED_PART,
    isFollowed: random.next() < FOLLOWED_PART,
  };
}

/** Plans the builds of a day, the first one first. */
export function planDay({ builds, apps, random }: { builds: number; apps: number; random: Random }): PlannedBuild[] {
  return Array.from({ length: builds }, () => planBuild(random, apps)).sort((a, b) => a.atSeconds - b.atSeconds);
}
