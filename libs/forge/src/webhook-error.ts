/** A webhook that cannot be read: it is not what its forge documents. The message has one line, and nothing secret in it. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
}
