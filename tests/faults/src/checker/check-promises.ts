import { setTimeout as sleep } from 'node:timers/promises';

import { APP, type Bench } from '../bench/bench.js';
import { readStoredLog } from '../bench/read-stored-log.js';
import { checkCancelled, checkEnds, checkReleases, checkRequests } from './check-builds.js';
import { checkChunks, checkLines, checkSecrets, checkStreams } from './check-logs.js';
import { checkCommandLines, checkMembers, checkQueue, checkSteps } from './check-processes.js';
import { checkRegistry } from './check-registry.js';
import type { Evidence, Violation } from './violation.js';

const ALL = 100_000;
/** Longer than the workers' repair of tags takes to find one that is overdue, and to come back to it. */
const LATE_WORK_WITHIN_MS = 60_000;
const POLL_MS = 500;

const CHECKS = [
  checkEnds,
  checkRequests,
  checkReleases,
  checkCancelled,
  checkRegistry,
  checkChunks,
  checkLines,
  checkStreams,
  checkSecrets,
  checkSteps,
  checkMembers,
  checkQueue,
  checkCommandLines,
];

const listBuilds = ({ store }: Bench) => store.builds.list(APP, { limit: ALL });

/** Builds have ended; those who follow their logs learn it a moment later, and their tags are written after that. */
async function waitForLateWork(bench: Bench): Promise<void> {
  const deadline = performance.now() + LATE_WORK_WITHIN_MS;
  const isOpen = () => bench.accepted.some(({ streams }) => !streams.some(({ isWhole }) => isWhole));
  const isUntagged = async () => (await checkRegistry({ bench, builds: await listBuilds(bench) })).length > 0;
  while ((isOpen() || (await isUntagged())) && performance.now() < deadline) await sleep(POLL_MS);
}

/** Checks every promise on a rack that has settled. Each broken one is told by its name and the build that it broke for. */
export async function checkPromises(bench: Bench): Promise<Violation[]> {
  await waitForLateWork(bench);
  const builds = await listBuilds(bench);
  const logs = new Map<string, string>();
  for (const { id } of builds) logs.set(id, (await readStoredLog(bench.store, id)).toString());
  const evidence: Evidence = { bench, accepted: bench.accepted, builds, logs };
  const violations: Violation[] = [];
  for (const check of CHECKS) violations.push(...(await check(evidence)));
  return violations;
}
