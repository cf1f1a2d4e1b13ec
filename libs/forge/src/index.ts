export { CONNECTED_FORGE_KINDS, type ConnectedForgeKind, defaultApiUrl } from './client/connected-forge.js';
export {
  createForgeClient,
  type ForgeClient,
  type ForgeClientOptions,
  type OwnComment,
} from './client/create-forge-client.js';
export type { CommitStatus } from './client/dialect.js';
export { ForgeError, type ForgeErrorCode } from './client/forge-error.js';
export type { ForgeAnswer, ForgeRequest, SendToForge } from './client/forge-request.js';
export {
  FORGE_KINDS,
  type ForgeCommit,
  type ForgeEvent,
  type ForgeKind,
  type ForgeRepository,
  type IgnoredEvent,
  type PullRequestEvent,
  type PushEvent,
} from './forge-event.js';
export { isSignedBy, type SignedRequest } from './is-signed-by.js';
export { isPattern, matchesPaths, matchesPattern } from './matches-pattern.js';
export { type ForgeWebhook, readWebhook } from './read-webhook.js';
export { skipsBuilds } from './skips-builds.js';
export { WebhookError } from './webhook-error.js';
export type { WebhookRequest } from './webhook-request.js';
