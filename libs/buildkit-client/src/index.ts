export { type BuildHistoryEvent, listenBuildHistory } from './control/build-history.js';
export { type BuildkitClient, createBuildkitClient } from './control/buildkit-client.js';
export { diskUsage } from './control/disk-usage.js';
export { type BuildkitInfo, getInfo } from './control/info.js';
export { type BuildkitWorker, listWorkers } from './control/list-workers.js';
export { type PruneOptions, prune } from './control/prune.js';
export { readContent } from './control/read-content.js';
export type { UsageRecord } from './control/usage-record.js';
export { assertBuildkitVersion } from './daemon/assert-buildkit-version.js';
export {
  type BuildkitdConfig,
  type BuildkitdNetwork,
  type BuildkitdRegistry,
  renderBuildkitdConfig,
} from './daemon/buildkitd-config.js';
export type { DaemonProxy } from './daemon/daemon-proxy.js';
export { type Buildkitd, type BuildkitdOptions, type ProcessExit, startBuildkitd } from './daemon/start-buildkitd.js';
export { BuildkitError, type BuildkitErrorCode } from './errors/buildkit-error.js';
export { type FailureSource, SolveError, type SolveFailure, type SourceLine } from './errors/solve-error.js';
export { createDirectorySource } from './file-sync/directory-source.js';
export type { FileEntry, FileSource } from './file-sync/file-source.js';
export { type FileSyncOptions, fileSync, type SyncStats } from './file-sync/file-sync.js';
export { type FileTarget, fileSend } from './services/file-send.js';
export { type ImagePins, pinImages, type SourceFence } from './services/pin-images.js';
export {
  type MintedToken,
  type RegistryAuthOptions,
  registryAuth,
  type TokenRequest,
} from './services/registry-auth.js';
export { secrets } from './services/secrets.js';
export { type Attachable, type SessionCall, SessionError, type SessionMethod } from './session/attachable.js';
export { openSession, type Session, type SessionOptions } from './session/open-session.js';
export {
  type Attestations,
  type DockerfileOptions,
  dockerfileAttrs,
  type StepLimits,
} from './solve/dockerfile-attrs.js';
export type { StatusListener } from './solve/follow-status.js';
export { type SolveOptions, type SolveResult, solve } from './solve/solve.js';
export type { SolveRequest, TypedAttrs } from './solve/solve-request.js';
export type { SolveStatus, Vertex, VertexLog, VertexProgress, VertexWarning } from './solve/solve-status.js';
export type { FrontendQuestion } from './subrequests/ask-frontend.js';
export { listTargets } from './subrequests/list-targets.js';
export { type DockerfileOutline, outlineDockerfile } from './subrequests/outline-dockerfile.js';
export { type IndexTarOptions, indexTar } from './tar-source/index-tar.js';
export { DEFAULT_TAR_LIMITS, type TarLimits } from './tar-source/tar-limits.js';
export type { SourceStat, TarSource } from './tar-source/tar-source.js';
export { TarSourceError, type TarSourceErrorCode } from './tar-source/tar-source-error.js';
