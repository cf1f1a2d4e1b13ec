import { build } from './build.js';
import { calm } from './calm.js';
import { drain } from './drain.js';
import { fence } from './fence.js';
import { lostApi } from './lost-api.js';
import { lostWorker } from './lost-worker.js';
import { policies } from './policies.js';
import { scale } from './scale.js';
import type { Scenario } from './scenario.js';
import { uninstall } from './uninstall.js';
import { upgrade } from './upgrade.js';

const KEPT = [
  'persistentvolumeclaim/data-rack-postgres-0',
  'persistentvolumeclaim/data-rack-redis-0',
  'persistentvolumeclaim/data-rack-registry-0',
  'persistentvolumeclaim/rack-objects',
  ...[0, 1, 2].map((worker) => `persistentvolumeclaim/worker-rack-worker-${worker}`),
  'secret/rack-postgres',
  'secret/rack-rack',
];
const GIVEN = ['secret/bucket', 'secret/database', 'secret/own', 'secret/redis'];

/** What a rack with default values goes through, in this order. */
export const DEFAULT_SCENARIOS: readonly Scenario[] = [
  build,
  fence,
  policies,
  scale,
  calm,
  upgrade,
  lostWorker,
  lostApi,
  drain,
  uninstall([], KEPT),
];

/** What a rack as in production goes through, in this order. */
export const PRODUCTION_SCENARIOS: readonly Scenario[] = [
  build,
  upgrade,
  calm,
  lostApi,
  uninstall(
    GIVEN,
    [0, 1].map((worker) => `persistentvolumeclaim/worker-prod-worker-${worker}`),
  ),
];
