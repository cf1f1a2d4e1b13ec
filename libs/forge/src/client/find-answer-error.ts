import { ForgeError } from './forge-error.js';
import type { ForgeAnswer } from './forge-request.js';

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1000, 60_000, 3_600_000];
const MAX_SAID_LENGTH = 200;
const PASSING = new Set([408, 409, 425]);

const headerOf = ({ headers }: ForgeAnswer, name: string) => String(headers[name] ?? '');

/** When the forge may be asked again: `Retry-After` (RFC 9110), or the second at which GitHub or GitLab begins to count anew. */
function findWaitMs(answer: ForgeAnswer, nowMs: number): number {
  const after = headerOf(answer, 'retry-after');
  const reset = headerOf(answer, 'x-ratelimit-reset') || headerOf(answer, 'ratelimit-reset');
  if (/^\d{1,9}$/.test(after)) return Number(after) * SECOND_MS;
  if (!Number.isNaN(Date.parse(after))) return Date.parse(after) - nowMs;
  return /^\d{9,11}$/.test(reset) ? Number(reset) * SECOND_MS - nowMs : MINUTE_MS;
}

/** GitHub limits with 403, too, and says so in its headers ("Rate limits for the REST API"). */
function isLimited(answer: ForgeAnswer): boolean {
  const isSpent = headerOf(answer, 'x-ratelimit-remaining') === '0' || headerOf(answer, 'retry-after') !== '';
  return answer.status === 429 || (answer.status === 403 && isSpent);
}

/** What a forge says of its refusal, as one line. */
function quoteAnswer(body: string): string {
  let said = body;
  try {
    const json = JSON.parse(body) as { message?: unknown; error?: unknown } | null;
    said = JSON.stringify(json?.message ?? json?.error ?? json).replace(/^"|"$/g, '');
  } catch {
    // It answered with a page.
  }
  return said
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_SAID_LENGTH);
}

/** Tells what is wrong with an answer; `undefined` when nothing is. */
export function findAnswerError(answer: ForgeAnswer, nowMs = Date.now()): ForgeError | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  if (isLimited(answer)) {
    const retryAfterMs = Math.min(Math.max(findWaitMs(answer, nowMs), SECOND_MS), 2 * HOUR_MS);
    return new ForgeError('limited', `status ${status}: asked too often`, { retryAfterMs });
  }
  if (status >= 300 && status < 400)
    return new ForgeError('refused', `status ${status}: redirects are not followed, was the repository renamed?`);
  const said = quoteAnswer(answer.body);
  const message = said === '' ? `status ${status}` : `status ${status}: ${said}`;
  return new ForgeError(status >= 500 || PASSING.has(status) ? 'unavailable' : 'refused', message);
}
