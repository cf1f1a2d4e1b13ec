export { COUNTED_LINE, type CountedAttempt, countLines, readLastAttempt } from './counted-lines.js';
export { createCertificates, type TestCertificate, type TestCertificates } from './create-certificates.js';
export {
  type CommitOptions,
  type CommittedFile,
  createGitRepository,
  type TestGitRepository,
} from './create-git-repository.js';
export {
  type DockerignoreVector,
  type DockerignoreVectors,
  readDockerignoreVectors,
} from './dockerignore-vectors.js';
export { startEcr, type TestEcr, type TestEcrOptions } from './ecr/start-ecr.js';
export type { TestRepository } from './ecr/start-moto.js';
export {
  FAULT_POINTS,
  type FaultPointName,
  type ReachFaultPoint,
  readFaultPoint,
  withFaultPoints,
} from './fault-points.js';
export { findFreePort } from './free-port.js';
export { type ListedProcess, listProcesses } from './list-processes.js';
export { processorMsSince } from './processor-ms-since.js';
export { createRandom, type Random } from './random.js';
export { signalTree } from './signal-tree.js';
export { type Service, type ServiceExit, type SpawnOptions, spawnService } from './spawn-service.js';
export { type FaultyFront, type FrontFault, type FrontRequest, startFaultyFront } from './start-faulty-front.js';
export {
  type GitServerFault,
  type GitServerOptions,
  type SeenGitRequest,
  startGitServer,
  type TestGitServer,
} from './start-git-server.js';
export { type PreparedPostgres, preparePostgres, startPostgres, type TestPostgres } from './start-postgres.js';
export { type PreparedRedis, prepareRedis, startRedis, type TestRedis } from './start-redis.js';
export {
  type PreparedRegistry,
  prepareRegistry,
  startRegistry,
  type TestRegistry,
  type TestRegistryAuth,
} from './start-registry.js';
export { type PreparedS3, prepareS3, startS3, type TestS3 } from './start-s3.js';
export { createSshKey, startSshServer, type TestSshKey, type TestSshServer } from './start-ssh-server.js';
export { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.js';
export { BUSYBOX, findTool, searchPath } from './tools.js';
export type { CollectedSpan } from './traces/parse-spans.js';
export { startTraceCollector, type TraceCollector } from './traces/start-trace-collector.js';
export { waitUntil } from './wait-until.js';
