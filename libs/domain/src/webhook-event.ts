/**
 * What webhooks can be told of, in Convox's words: a build has ended, well or not; a release was made; a promotion has
 * begun or ended.
 */
export const WEBHOOK_EVENTS = ['build:create', 'release:create', 'release:promote'] as const;

/** What a webhook can be told of. */
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
