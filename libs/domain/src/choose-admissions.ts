import { BUILD_LANES, type BuildLane } from './build-lane.js';

/** A worker that may be given builds. */
export interface AdmittingWorker {
  /** Stays the same when the worker is started again: its disk is what is warm. */
  readonly name: string;
  /** How many builds it takes at once. */
  readonly slots: number;
  /** How many it has, running or on their way to it. */
  readonly used: number;
}

/** What the queue knows of an app that has builds in it. */
export interface QueuedApp {
  readonly name: string;
  /** How many of its builds are running, or on their way to a worker. */
  readonly active: number;
  /** Its share of the rack in relation to other apps, above 0. */
  readonly weight: number;
  /** How many of its builds may run at once. */
  readonly limit: number;
  /** When it was given a slot last, in milliseconds; anything that grows. */
  readonly servedAt: number;
  /** The worker that built it last, by name. */
  readonly warmWorker?: string | undefined;
  /** Its builds that may start, first come first, lane by lane. */
  readonly builds: readonly QueuedBuild[];
}

/** A build that may start. */
export interface QueuedBuild {
  readonly id: string;
  readonly lane: BuildLane;
  /** The worker on which it failed before, by name. */
  readonly avoidedWorker?: string | undefined;
}

/** A build and the worker that it is given to. */
export interface Admission {
  readonly buildId: string;
  readonly app: string;
  readonly worker: string;
}

/** How much busier than the idlest one, in parts of its slots, a worker may be that is preferred for being warm. */
const WARM_WORKER_BOUND = 0.5;

interface Turn extends Omit<QueuedApp, 'builds'> {
  active: number;
  servedAt: number;
  readonly waiting: QueuedBuild[];
}

interface Load extends AdmittingWorker {
  used: number;
}

/** An app that has nothing running never waits behind another's lane. */
function urgency({ active, waiting }: Turn): number {
  const lane = waiting[0]?.lane ?? 'automatic';
  return active === 0 ? 0 : BUILD_LANES.indexOf(lane);
}

/** Lane first, then the smallest share of what runs, then who has waited longest for a turn. */
function compareTurns(one: Turn, other: Turn): number {
  return (
    urgency(one) - urgency(other) ||
    one.active / one.weight - other.active / other.weight ||
    one.servedAt - other.servedAt
  );
}

const share = ({ used, slots }: Load) => used / slots;

/**
 * Picks the idlest worker; the warm one when it is not much busier than that; and not the one on which the build has
 * failed, as long as there is another one with a free slot.
 */
function pickWorker(free: readonly Load[], app: Turn, build: QueuedBuild): Load | undefined {
  const others = free.filter(({ name }) => name !== build.avoidedWorker);
  const candidates = (others.length > 0 ? others : free).toSorted((one, other) => share(one) - share(other));
  const [idlest] = candidates;
  const warm = candidates.find(({ name }) => name === app.warmWorker);
  if (idlest === undefined || warm === undefined) return idlest;
  return share(warm) <= share(idlest) + WARM_WORKER_BOUND ? warm : idlest;
}

/**
 * Decides which builds start now and where: weighted turns over the apps, so that an app with ten thousand builds in the
 * queue delays the only one of another app by no more than one turn. Pure: what it is told decides.
 *
 * @param options.slots how many more builds the whole rack may run
 */
export function chooseAdmissions(
  workers: readonly AdmittingWorker[],
  apps: readonly QueuedApp[],
  options: { readonly slots: number },
): Admission[] {
  const loads: Load[] = workers.map((worker) => ({ ...worker }));
  const turns: Turn[] = apps.map(({ builds, ...app }) => ({ ...app, waiting: [...builds] }));
  const admissions: Admission[] = [];
  let latest = Math.max(0, ...apps.map(({ servedAt }) => servedAt));
  while (admissions.length < options.slots) {
    const free = loads.filter(({ used, slots }) => used < slots);
    const eligible = turns.filter(({ active, limit, waiting }) => waiting.length > 0 && active < limit);
    const [turn] = eligible.toSorted(compareTurns);
    const build = turn?.waiting.shift();
    if (turn === undefined || build === undefined) break;
    const worker = pickWorker(free, turn, build);
    if (worker === undefined) break;
    worker.used++;
    turn.active++;
    turn.servedAt = ++latest;
    admissions.push({ buildId: build.id, app: turn.name, worker: worker.name });
  }
  return admissions;
}
