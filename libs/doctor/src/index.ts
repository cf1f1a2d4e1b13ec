export { assertFit } from './assert-fit.js';
export { type Check, failed, ok, type Verdict, warning } from './check.js';
export { checkClocks } from './check-clocks.js';
export { checkDatabase } from './check-database.js';
export { checkDisk, checkDiskSize } from './check-disk.js';
export { checkObjects } from './check-objects.js';
export { checkRedis } from './check-redis.js';
export { checkRegistry } from './check-registry.js';
export { runChecks } from './run-checks.js';
