export { isAppName } from './app-name.js';
export { BuildFailure, type FailureClass } from './build-failure.js';
export {
  BUILD_QUEUE_NAME,
  type BuildJob,
  buildJobId,
  buildJobSchema,
  CANCEL_CHANNEL,
  logChannel,
} from './build-job.js';
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
  describeEnvironmentChange,
  type Environment,
  formatEnvironment,
  parseEnvironment,
} from './environment.js';
export { createBuildId, createReleaseId, isBuildId, isReleaseId } from './ids.js';
export {
  formatImageReference,
  type ImageReference,
  parseImageReference,
  serviceImageTag,
} from './image-reference.js';
export { formatObjectUrl, type ObjectUrl, parseObjectUrl } from './object-url.js';
