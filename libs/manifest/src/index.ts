export type { AppManifest, BuildArgument, Service, ServiceBuild } from './app-manifest.js';
export { findMissingEnvironment } from './find-missing-environment.js';
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
