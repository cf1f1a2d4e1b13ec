/** A webhook as it came in. */
export interface WebhookRequest {
  /** As Node gives them: names in lower case. One that came several times counts as missing. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes that came, for signatures are over those. */
  readonly body: Buffer;
}

/** Finds the first of several headers that is there. */
export function findHeader({ headers }: Pick<WebhookRequest, 'headers'>, ...names: readonly string[]) {
  return names.map((name) => headers[name]).find((value): value is string => typeof value === 'string' && value !== '');
}

/** Tells whether a webhook came as a form: JSON is in its field `payload` then. */
export function isForm(request: WebhookRequest): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(findHeader(request, 'content-type') ?? '');
}

/** What stands in the field `payload` of a form; `''` without one. */
export function readFormPayload({ body }: Pick<WebhookRequest, 'body'>): string {
  return new URLSearchParams(body.toString('utf8')).get('payload') ?? '';
}
