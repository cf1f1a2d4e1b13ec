export { parseBuildArguments } from './build-arguments.js';
export {
  createAppSchema,
  createBuildSchema,
  createReleaseSchema,
  listSchema,
  promoteReleaseSchema,
  updateAppSchema,
  updateBuildSchema,
} from './requests.js';
export {
  appSchema,
  buildSchema,
  errorSchema,
  objectSchema,
  releaseSchema,
  systemSchema,
  type WireApp,
  type WireBuild,
  type WireRelease,
  type WireSystem,
} from './responses.js';
export { presentTime, ZERO_TIME } from './wire-scalars.js';
