export type {
  AppManifest,
  BuildArgument,
  ImagePullSecret,
  Resource,
  RunSettings,
  Service,
  ServiceBuild,
  Timer,
} from './app-manifest.js';
export { decodeManifest, MAX_MANIFEST_BYTES } from './decode-manifest.js';
export { findMissingEnvironment } from './find-missing-environment.js';
export { describeManifest, type KeyDescription, manifestSchema } from './grammar/describe.js';
export type { JsonSchema } from './grammar/shape.js';
export { ManifestError, type ManifestErrorCode } from './manifest-error.js';
export { type ManifestOptions, type ParsedManifest, parseManifest } from './parse-manifest.js';
export {
  type BuildPlan,
  type PlannedBuild,
  type PlannedCopy,
  type PlannedImage,
  type PlanOptions,
  planImages,
} from './plan-images.js';
