import { API_SCENARIOS } from './apis.js';
import { CORRUPTION_SCENARIOS } from './corruption.js';
import { GIT_SCENARIOS } from './git.js';
import { API_KILLS, WORKER_KILLS } from './kill-at-fault-points.js';
import { LIMIT_SCENARIOS } from './limits.js';
import { LOAD_SCENARIOS } from './load.js';
import { LOG_SCENARIOS } from './logs.js';
import { NETWORK_SCENARIOS } from './network.js';
import { REGISTRY_SCENARIOS } from './registry.js';
import { S3_SCENARIOS } from './s3.js';
import type { Scenario } from './scenario.js';
import { SERVICE_SCENARIOS } from './services.js';
import { UPGRADE_SCENARIOS } from './upgrades.js';
import { WORKER_SCENARIOS } from './workers.js';

/** Every scenario; docs/faults.md has them as a table. */
export const ALL_SCENARIOS: readonly Scenario[] = [
  ...API_KILLS,
  ...WORKER_KILLS,
  ...WORKER_SCENARIOS,
  ...SERVICE_SCENARIOS,
  ...API_SCENARIOS,
  ...NETWORK_SCENARIOS,
  ...REGISTRY_SCENARIOS,
  ...S3_SCENARIOS,
  ...GIT_SCENARIOS,
  ...LIMIT_SCENARIOS,
  ...LOAD_SCENARIOS,
  ...LOG_SCENARIOS,
  ...CORRUPTION_SCENARIOS,
  ...UPGRADE_SCENARIOS,
];
