import {
  type Check,
  checkClocks,
  checkDatabase,
  checkDisk,
  checkDiskSize,
  checkObjects,
  checkRedis,
  checkRegistry,
} from '@convox-builds/doctor';

import type { Settings } from '../settings.js';
import type { WorkerParts } from '../worker-parts.js';
import { checkBuildkit } from './check-buildkit.js';
import { checkConfinement } from './check-confinement.js';

/** What a worker is of no use without, and what does not come right by itself: it does not start. */
export function startChecks({ folder, minFreeDiskBytes, searchPath }: Settings): Check[] {
  return [checkConfinement(searchPath), checkDiskSize({ folder, neededBytes: minFreeDiskBytes })];
}

/** What a worker works with, and what may come and go. */
export function workerChecks(parts: WorkerParts): Check[] {
  const { settings, store, objects, registry, repositories, buildkitd } = parts;
  const { folder, minFreeDiskBytes: neededBytes, redisUrl } = settings;
  return [
    checkBuildkit(buildkitd, folder),
    checkDisk({ folder, neededBytes }),
    checkDatabase(store),
    checkRedis(redisUrl),
    checkClocks(store, redisUrl),
    checkRegistry(registry, repositories),
    checkObjects(objects),
  ];
}
