export { type BuildArgsFields, parseBuildArgs } from './build-args.js';
export { formatGoDuration, parseGoDuration } from './go-duration.js';
export { formatRequestTime, formatTime, parseRequestTime, parseTime, ZERO_TIME } from './go-time.js';
export { appSchema, type WireApp } from './objects/app.js';
export { type ArchivedBuildJson, archivedBuildSchema } from './objects/archived-build.js';
export {
  buildDetailsSchema,
  buildSchema,
  importedBuildSchema,
  type WireBuild,
  type WireBuildDetails,
  type WireImportedBuild,
} from './objects/build.js';
export { capacitySchema, type WireCapacity } from './objects/capacity.js';
export { configSchema, type WireConfig } from './objects/config.js';
export { errorBodySchema, type WireErrorBody } from './objects/error-body.js';
export type { WireFinding } from './objects/finding.js';
export { forgeSchema, type WireForge } from './objects/forge.js';
export { gitCredentialSchema, gitHostSchema, type WireGitCredential, type WireGitHost } from './objects/git.js';
export { promotionSchema, type WirePromotion } from './objects/promotion.js';
export { registrySchema, type WireRegistry } from './objects/registry.js';
export { releaseSchema, type WireRelease } from './objects/release.js';
export { storedObjectSchema, type WireStoredObject } from './objects/stored-object.js';
export { RACK_VERSION, systemSchema, type WireSystem } from './objects/system.js';
export { uploadPartSchema, uploadSchema, type WireUpload, type WireUploadPart } from './objects/upload.js';
export { type WireUsage } from './objects/usage.js';
export { deliverySchema, type WireDelivery, type WireWebhook, webhookSchema } from './objects/webhook.js';
export type {
  WireWorkflow,
  WireWorkflowDelivery,
  WireWorkflowJob,
  WireWorkflowWebhook,
} from './objects/workflow.js';
export { createOpenApi } from './openapi/create-openapi.js';
export type { JsonSchema, OpenApi, OpenApiContent, OpenApiOperation, OpenApiParameter } from './openapi/openapi.js';
export { createAppSchema, updateAppSchema } from './requests/apps.js';
export {
  createBuildSchema,
  idempotencyKeySchema,
  importImageSchema,
  listBuildsSchema,
  pruneBuildsSchema,
  updateBuildSchema,
} from './requests/builds.js';
export { configNameSchema, updateConfigSchema } from './requests/configs.js';
export { createForgeSchema } from './requests/forges.js';
export { createGitCredentialSchema, pinGitHostSchema, removeGitCredentialSchema } from './requests/git.js';
export { listObjectsSchema } from './requests/objects.js';
export { createRegistrySchema } from './requests/registries.js';
export {
  createReleaseSchema,
  listPromotionsSchema,
  listReleasesSchema,
  promoteReleaseSchema,
} from './requests/releases.js';
export { createEventSchema } from './requests/system.js';
export { completeUploadSchema, signPartSchema } from './requests/uploads.js';
export { createWebhookSchema, listDeliveriesSchema } from './requests/webhooks.js';
export {
  createWorkflowSchema,
  listOfWorkflowSchema,
  listWorkflowsSchema,
  runWorkflowSchema,
  updateWorkflowSchema,
  workflowWebhookSchema,
} from './requests/workflows.js';
export { type AnswerObject, answerObjects } from './routes/answer-objects.js';
export { accessOf, type Route, type RouteAccess, type RouteAnswer, type RouteMethod } from './routes/route.js';
export { type RouteGroup, routeGroups, routes } from './routes/routes.js';
