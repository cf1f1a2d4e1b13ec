import type { BuildRecord } from '@convox-builds/store';

import type { AcceptedBuild, Bench } from '../bench/bench.js';
import { APP } from '../bench/bench.js';
import { readStoredLog } from '../bench/read-stored-log.js';
import { viewLog } from '../bench/view-log.js';
import { at, type Scenario } from './scenario.js';

const LOG_LIMIT_BYTES = 20_000_000;
/** What the rack itself adds to a full log. */
const NOTES_BYTES = 10_000;
const MARKER = `log limit of ${LOG_LIMIT_BYTES} bytes reached`;
/** All but the last print more than the limit, and the one before fails after that. */
const FLOODS = [
  'yes "a line of a build that prints and prints" | head -c 60000000',
  'yes | tr -d "\\n" | head -c 50000000',
  'head -c 25000000 /dev/urandom',
  'yes "a line of a build that prints and prints" | head -c 60000000; exit 3',
  'yes "a line of a build that prints and prints, and of which the whole log is less than the limit" | head -c 10000000',
];

async function assertLimit(bench: Bench, build: AcceptedBuild, isOver: boolean): Promise<void> {
  const log = await readStoredLog(bench.store, build.id);
  const { state } = (await bench.store.builds.find(APP, build.id)) ?? {};
  if (state === 'failed' && !log.includes('\nERROR: ')) throw new Error(`The log of build ${build.id} tells no reason`);
  if (log.includes(MARKER) !== isOver)
    throw new Error(`The log of build ${build.id} has ${isOver ? 'no' : 'a'} marker`);
  const least = isOver ? LOG_LIMIT_BYTES - 100_000 : 0;
  if (log.length < least || log.length > LOG_LIMIT_BYTES + NOTES_BYTES) {
    throw new Error(`The log of build ${build.id} has ${log.length} bytes`);
  }
}

/** The one that fails says why, also in a log that is full. */
function complainOfReasons(builds: readonly BuildRecord[]): readonly string[] {
  const failed = builds.filter(({ state }) => state === 'failed');
  if (failed.length === 1 && failed[0]?.reason.includes('exit code: 3')) return [];
  return [`${failed.length} builds failed: ${failed.map(({ reason }) => reason).join(', ')}`];
}

const VIEWERS = 400;
const CUT_ONE_IN = 8;

/** Watches all builds with many viewers; every eighth is cut off, twice, and goes on where it was. */
async function viewAll(bench: Bench, builds: readonly AcceptedBuild[]): Promise<void> {
  const views = Array.from({ length: VIEWERS }, async (_, index) => {
    const { id } = at(builds, index % builds.length);
    const cuts = index % CUT_ONE_IN === 0 ? [bench.random.between(1, 2000), bench.random.between(1, 50_000)] : [];
    const view = index % 2 === (index >> 4) % 2 ? 'sockets' : 'events';
    const seen = await viewLog(bench.cluster, { app: APP, buildId: id, replica: index }, { view, cuts });
    return { id, view, seen };
  });
  const logs = new Map<string, Buffer>();
  for (const { id, view, seen } of await Promise.all(views)) {
    const log = logs.get(id) ?? (await readStoredLog(bench.store, id));
    logs.set(id, log);
    if (!seen.equals(log))
      throw new Error(`A viewer of build ${id} (${view}) saw ${seen.length} of ${log.length} bytes`);
  }
}

/** Logs that flood, and many who watch them. */
export const LOG_SCENARIOS: readonly Scenario[] = [
  {
    row: '37',
    title: '400 viewers watch logs, 50 of them are cut off again and again: each sees every byte once',
    cluster: { apis: 2 },
    run: async (bench) => {
      const flood = { lines: 20, pauseSeconds: 0.25, after: 'yes "what the build prints" | head -c 200000' };
      const builds = [await bench.submit(flood), await bench.submit(flood), await bench.submit(flood)];
      await viewAll(bench, builds);
    },
  },
  {
    row: '48',
    title: 'five builds flood their logs: lines, no lines, no text; each is kept up to its limit and says so',
    cluster: { logLimitBytes: LOG_LIMIT_BYTES },
    complain: complainOfReasons,
    run: async (bench) => {
      const builds: AcceptedBuild[] = [];
      for (const after of FLOODS) builds.push(await bench.submit({ after }));
      await bench.settle();
      for (const [index, build] of builds.entries()) await assertLimit(bench, build, index < 4);
    },
  },
];
