export {
  type DockerignoreVector,
  type DockerignoreVectors,
  readDockerignoreVectors,
} from './dockerignore-vectors.js';
export { findFreePort } from './free-port.js';
export { type Service, type SpawnOptions, spawnService } from './spawn-service.js';
export { startPostgres, type TestPostgres } from './start-postgres.js';
export { startRedis, type TestRedis } from './start-redis.js';
export { startRegistry, type TestRegistry, type TestRegistryAuth } from './start-registry.js';
export { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.js';
export { BUSYBOX, findTool, searchPath } from './tools.js';
export { waitUntil } from './wait-until.js';
