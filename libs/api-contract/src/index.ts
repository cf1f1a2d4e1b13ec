export { type BuildArgsFields, parseBuildArgs } from './build-args.js';
export { formatGoDuration, parseGoDuration } from './go-duration.js';
export { formatRequestTime, formatTime, parseRequestTime, parseTime, ZERO_TIME } from './go-time.js';
export { appSchema, type WireApp } from './objects/app.js';
export { buildDetailsSchema, buildSchema, type WireBuild, type WireBuildDetails } from './objects/build.js';
export { errorBodySchema, type WireErrorBody } from './objects/error-body.js';
export { gitCredentialSchema, gitHostSchema, type WireGitCredential, type WireGitHost } from './objects/git.js';
export { promotionSchema, type WirePromotion } from './objects/promotion.js';
export { releaseSchema, type WireRelease } from './objects/release.js';
export { storedObjectSchema, type WireStoredObject } from './objects/stored-object.js';
export { RACK_VERSION, systemSchema, type WireSystem } from './objects/system.js';
export { deliverySchema, type WireDelivery, type WireWebhook, webhookSchema } from './objects/webhook.js';
export { createAppSchema, updateAppSchema } from './requests/apps.js';
export { createBuildSchema, idempotencyKeySchema, listBuildsSchema, updateBuildSchema } from './requests/builds.js';
export { createGitCredentialSchema, pinGitHostSchema, removeGitCredentialSchema } from './requests/git.js';
export {
  createReleaseSchema,
  listPromotionsSchema,
  listReleasesSchema,
  promoteReleaseSchema,
} from './requests/releases.js';
export { createWebhookSchema, listDeliveriesSchema } from './requests/webhooks.js';
