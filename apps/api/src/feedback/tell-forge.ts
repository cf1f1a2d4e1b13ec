import { createForgeClient, type ForgeClient, ForgeError, type SendToForge } from '@convox-builds/forge';
import {
  type BuildRecord,
  type DueFeedback,
  type FeedbackNext,
  forgePlace,
  type SecretBox,
  type Store,
} from '@convox-builds/store';

import type { RackRegistry } from '../archives/rack-registry.js';
import { type AddressGuard, InwardAddressError } from '../outgoing/address-guard.js';
import { oneLine } from '../outgoing/one-line.js';
import { sendRequest } from '../outgoing/send-request.js';
import { findRetryDelayMs } from '../webhooks/retry-delays.js';
import { compareSizes } from './compare-sizes.js';
import { describeComment } from './describe-comment.js';
import { describePromotionStatus } from './describe-promotion-status.js';
import { describeStatus } from './describe-status.js';

/** A page of a hundred long comments. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_REASON_LENGTH = 300;

/** What forges are told with. */
export interface TellingParts {
  readonly store: Store;
  readonly rackName: string;
  /** `''` when nobody said. */
  readonly publicUrl: string;
  /** Where the sizes of images are looked up; `undefined`: nowhere. */
  readonly registry: RackRegistry | undefined;
  readonly secretBox: SecretBox;
  readonly guard: AddressGuard;
  /** Of one request; to tell of something may take several. */
  readonly timeoutMs: number;
}

function createSend({ guard, timeoutMs }: TellingParts, signal: AbortSignal): SendToForge {
  return async ({ method, url, headers, body }) => {
    try {
      const options = { method, headers, body, timeoutMs, signal, guard, maxAnswerBytes: MAX_ANSWER_BYTES };
      const answer = await sendRequest(new URL(url), options);
      return { status: answer.status, headers: answer.headers, body: answer.text };
    } catch (error) {
      // It would be refused again: somebody has to change the settings or the name.
      throw error instanceof InwardAddressError ? new ForgeError('refused', error.message) : error;
    }
  };
}

async function tell(
  client: ForgeClient,
  build: BuildRecord,
  due: DueFeedback,
  parts: TellingParts & { readonly signal: AbortSignal },
): Promise<void> {
  const { rackName, publicUrl, store, registry, signal } = parts;
  const { commit, repository, pullRequest, what, subject } = due;
  const place = { commit, rackName, publicUrl };
  if (what === 'status') return client.setStatus(repository, describeStatus(build, place));
  const promotion = await store.promotions.findOfBuild(build.id);
  if (what === 'promotion')
    return promotion && client.setStatus(repository, describePromotionStatus(promotion, { build, ...place }));
  if (pullRequest === null) return;
  const [medianMs, caches, sizes] = await Promise.all([
    store.feedback.findMedianMs(build.app, { exceptId: build.id }),
    store.layerCaches.list(build.id),
    compareSizes(build, { store, registry, signal }),
  ]);
  const text = describeComment(build, { ...place, medianMs, caches, sizes, promotion });
  await client.upsertComment(repository, { pullRequest, subject: `${rackName} ${subject}`, text });
}

function afterError(error: unknown, tries: number): FeedbackNext {
  const reason = oneLine(error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON_LENGTH);
  if (error instanceof ForgeError && error.code === 'limited') return { holdHostMs: error.retryAfterMs, reason };
  const retryAfterMs = findRetryDelayMs(tries);
  const isFinal = (error instanceof ForgeError && error.code === 'refused') || retryAfterMs === undefined;
  return isFinal ? { state: 'failed', reason } : { retryAfterMs, reason };
}

/**
 * Tells a forge once how a build stands now, and tells what came of it. Nothing of it touches the build.
 *
 * @throws the reason of the signal when it was aborted
 */
export async function tellForge(due: DueFeedback, parts: TellingParts, signal: AbortSignal): Promise<FeedbackNext> {
  const build = await parts.store.builds.find(due.app, due.buildId);
  if (build === undefined) return { state: 'failed', reason: 'the build is gone' };
  try {
    const token = parts.secretBox.open(due.sealedToken, forgePlace(due.host));
    const client = createForgeClient(due.kind, { apiUrl: due.apiUrl, token, send: createSend(parts, signal) });
    await tell(client, build, due, { ...parts, signal });
    return { state: 'told', reason: '' };
  } catch (error) {
    signal.throwIfAborted();
    return afterError(error, due.tries);
  }
}
