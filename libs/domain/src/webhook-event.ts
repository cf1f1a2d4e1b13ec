/**
 * What webhooks can be told of, in Convox's words: a build has ended, well or not; a release was made; a promotion has
 * begun or ended; an app was deleted.
 */
export const WEBHOOK_EVENTS = ['build:create', 'release:create', 'release:promote', 'app:delete'] as const;

/** What a webhook can be told of. */
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** What a webhook is sent: JSON as Convox's racks send it, or what Slack and those who imitate it take. */
export const WEBHOOK_FORMATS = ['convox', 'slack'] as const;

/** What a webhook is sent. */
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];
