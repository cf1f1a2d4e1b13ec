import { acceptedToRunning } from './accepted-to-running.mjs';
import { exportArchive, importArchive } from './archives.mjs';
import { cliStart } from './cli-start.mjs';
import { coldWorker } from './cold-worker.mjs';
import { eightAtOnce } from './eight-at-once.mjs';
import { fourServices } from './four-services.mjs';
import { gitFetchCold, gitFetchWarm } from './git-fetch.mjs';
import { longLog } from './long-log.mjs';
import { noOpSolve } from './no-op-solve.mjs';
import { rebuilds } from './rebuilds.mjs';
import { tenOfTenThousand } from './ten-of-ten-thousand.mjs';
import { tenThousandQueued } from './ten-thousand-queued.mjs';
import { wholeBuild } from './whole-build.mjs';

/** Everything that is measured, in the order of the table. */
export const BENCHMARKS = [
  noOpSolve,
  wholeBuild,
  rebuilds,
  fourServices,
  coldWorker,
  tenOfTenThousand,
  eightAtOnce,
  longLog,
  acceptedToRunning,
  tenThousandQueued,
  cliStart,
  gitFetchCold,
  gitFetchWarm,
  exportArchive,
  importArchive,
];
