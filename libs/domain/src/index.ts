export { type AddressPolicy, createAddressPolicy, isNetwork } from './address-policy.js';
export { isAppName } from './app-name.js';
export { BuildFailure, type FailureClass, findRetryDelay, RETRY_DELAYS } from './build-failure.js';
export {
  type BuildJob,
  buildJobId,
  buildJobSchema,
  buildQueueName,
  CANCEL_CHANNEL,
  logChannel,
  SLOT_CHANNEL,
} from './build-job.js';
export { parseBuildLabels } from './build-labels.js';
export { BUILD_LANES, type BuildLane } from './build-lane.js';
export {
  BUILD_STATES,
  type BuildState,
  isAllowedTransition,
  isFinalState,
  type WireStatus,
  wireStatusFromState,
} from './build-state.js';
export { type BuiltImage, type BuiltImages, builtImageSchema } from './built-image.js';
export {
  type Admission,
  type AdmittingWorker,
  chooseAdmissions,
  type QueuedApp,
  type QueuedBuild,
} from './choose-admissions.js';
export {
  CACHE_MODES,
  type CacheDecision,
  type CacheMode,
  type CacheSituation,
  chooseCacheExport,
} from './choose-cache-export.js';
export { formatTrailer, parseTrailer, TRAILER_BYTES } from './content-trailer.js';
export { cutIntoParts } from './cut-into-parts.js';
export {
  describeEnvironmentChange,
  type Environment,
  formatEnvironment,
  parseEnvironment,
} from './environment.js';
export { findGitSource } from './find-git-source.js';
export { FINDING_STATUSES, type Finding, type FindingStatus, findingSchema } from './finding.js';
export { isGitRef } from './git-ref.js';
export {
  formatGitUrl,
  type GitLogin,
  type GitProtocol,
  type GitSource,
  gitServerName,
  isGitServerName,
  parseGitUrl,
} from './git-url.js';
export {
  createBuildId,
  createHookId,
  createJobId,
  createPromotionId,
  createReleaseId,
  createWebhookId,
  createWorkflowId,
  isBuildId,
  isHookId,
  isJobId,
  isReleaseId,
  isWebhookId,
  isWorkflowId,
} from './ids.js';
export {
  formatImageReference,
  type ImageReference,
  parseImageReference,
  serviceCacheTag,
  serviceImageTag,
} from './image-reference.js';
export { findSourceImage, formatImageSource } from './image-source.js';
export { listOwnServices, type OwnServices } from './list-own-services.js';
export { isLoopbackHost } from './loopback-host.js';
export { networksSchema } from './networks-schema.js';
export { formatObjectUrl, isObjectUrl, type ObjectUrl, parseObjectUrl } from './object-url.js';
export { PROVENANCE_MODES } from './provenance-mode.js';
export { type EcrHost, normaliseRegistryServer, parseEcrHost, registryHostFromServer } from './registry-server.js';
export {
  type FindAddress,
  HostError,
  type HostErrorCode,
  type Lookup,
  type Place,
  placeOfUrl,
  type ResolveOptions,
  resolveHost,
} from './resolve-host.js';
export { MAX_REVIEWED_APP_LENGTH, reviewAppName } from './review-app-name.js';
export { isSafeOutput, sanitiseLine } from './sanitise-line.js';
export { SHIPPED_HOSTS, shippedHostKeys } from './shipped-host-keys.js';
export { fingerprintOfPrivateKey, parseHostKeys, sshFingerprint } from './ssh-key.js';
export { WEBHOOK_EVENTS, WEBHOOK_FORMATS, type WebhookEvent, type WebhookFormat } from './webhook-event.js';
