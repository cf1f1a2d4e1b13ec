import { post } from '../outgoing/post.js';
import { SIGNATURE_HEADER, signBody } from '../outgoing/sign-body.js';
import type { PromotionHook, PromotionOutcome } from './promotion-hook.js';

/** Statuses besides 5xx that say nothing about the promotion (RFC 9110, RFC 8470, RFC 6585). */
const PASSING = new Set([408, 425, 429]);

/** `{"error": …}` or `{"reason": …}` of an answer, else its text. */
function findReason(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null) return text;
    const [reason] = ['error', 'reason'].map((name) => (answer as Record<string, unknown>)[name]).filter(Boolean);
    return typeof reason === 'string' ? reason : text;
  } catch {
    return text;
  }
}

function judge(status: number, text: string): PromotionOutcome {
  if (status >= 200 && status < 300) return { kind: 'succeeded' };
  const said = findReason(text);
  const reason = `the promotion hook answered status ${status}${said === '' ? '' : `: ${said}`}`;
  return { kind: status >= 500 || PASSING.has(status) ? 'passing' : 'failed', reason };
}

/** Makes the hook that posts a promotion to the operator's URL, signed, and takes the answer for its outcome. */
export function callPromotionUrl({
  url: template,
  secret,
  timeoutMs,
}: {
  url: string;
  secret: string;
  timeoutMs: number;
}): PromotionHook {
  return async (call, signal) => {
    const body = JSON.stringify(call);
    const headers = {
      'Idempotency-Key': call.promotion,
      [SIGNATURE_HEADER]: signBody(body, { secret, time: new Date() }),
    };
    const url = new URL(template.replaceAll('{app}', call.app));
    try {
      const { status, text } = await post(url, { body, headers, timeoutMs, signal });
      return judge(status, text);
    } catch (error) {
      signal.throwIfAborted();
      const what = error instanceof Error ? error.message : String(error);
      return { kind: 'passing', reason: `the promotion hook did not answer: ${what}` };
    }
  };
}
