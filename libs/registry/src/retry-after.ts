/**
 * Reads how long an answer asks us to wait, in milliseconds (`Retry-After`, RFC 9110, section 10.2.3): seconds, or a date.
 * `undefined`: it does not say.
 */
export function readRetryAfter({ headers }: Pick<Response, 'headers'>, now = Date.now()): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const time = /^[A-Z][a-z]{2}, .+ GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
