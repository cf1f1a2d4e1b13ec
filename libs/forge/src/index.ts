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
