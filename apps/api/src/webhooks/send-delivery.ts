import type { DeliveryNext, DeliveryTry, DueDelivery, SecretBox } from '@convox-builds/store';

import { type AddressGuard, InwardAddressError } from '../outgoing/address-guard.js';
import { oneLine } from '../outgoing/one-line.js';
import { post } from '../outgoing/post.js';
import { SIGNATURE_HEADER, signBody } from '../outgoing/sign-body.js';
import { describeEvent } from './describe-event.js';
import { describeForSlack } from './describe-for-slack.js';
import { findRetryDelayMs } from './retry-delays.js';

const MAX_ANSWER_LENGTH = 300;
/** "Gone": whoever was there asks not to be told any more (RFC 9110, section 15.5.11). */
const GONE = 410;

/** What deliveries are sent with. */
export interface SendingParts {
  readonly rackName: string;
  readonly secretBox: SecretBox;
  readonly guard: AddressGuard;
  readonly timeoutMs: number;
}

/** Where in the database a webhook's secret stands: it opens nowhere else. */
export const secretPlace = (webhookId: string) => `webhooks/${webhookId}`;

interface Tried {
  readonly tried: DeliveryTry;
  readonly next: DeliveryNext;
}

async function send(delivery: DueDelivery, parts: SendingParts, signal: AbortSignal) {
  const { guard, timeoutMs } = parts;
  const secret = parts.secretBox.open(delivery.sealedSecret, secretPlace(delivery.webhookId));
  const body = delivery.format === 'slack' ? describeForSlack(delivery, parts) : describeEvent(delivery, parts);
  const headers = {
    'Convox-Event': delivery.event,
    'Convox-Delivery': delivery.id,
    [SIGNATURE_HEADER]: signBody(body, { secret, time: new Date() }),
  };
  return post(new URL(delivery.url), { body, headers, timeoutMs, signal, guard });
}

function explainStatus(status: number): string {
  if (status >= 200 && status < 300) return '';
  return status >= 300 && status < 400 ? `status ${status}: redirects are not followed` : `status ${status}`;
}

const afterFailure = (tries: number): DeliveryNext => {
  const delayMs = findRetryDelayMs(tries);
  return delayMs === undefined ? { state: 'failed' } : { retryAfterMs: delayMs };
};

/**
 * Sends a delivery once and tells what came of it. Anything but 2xx is tried again, for receivers are often wrong about why they
 * refuse.
 *
 * @throws the reason of the signal when it was aborted
 */
export async function sendDelivery(delivery: DueDelivery, parts: SendingParts, signal: AbortSignal): Promise<Tried> {
  const startedAt = performance.now();
  const tell = (answerStatus: number | null, answer: string, reason: string): DeliveryTry => ({
    answerStatus,
    answer: answer.slice(0, MAX_ANSWER_LENGTH),
    durationMs: Math.round(performance.now() - startedAt),
    reason,
  });
  try {
    const { status, text } = await send(delivery, parts, signal);
    const reason = explainStatus(status);
    const tried = tell(status, text, reason);
    if (reason === '') return { tried, next: { state: 'delivered' } };
    return { tried, next: status === GONE ? { state: 'failed' } : afterFailure(delivery.tries) };
  } catch (error) {
    signal.throwIfAborted();
    const tried = tell(null, '', oneLine(error instanceof Error ? error.message : String(error)));
    // It would be refused again: somebody has to change the settings or the name.
    return { tried, next: error instanceof InwardAddressError ? { state: 'failed' } : afterFailure(delivery.tries) };
  }
}
