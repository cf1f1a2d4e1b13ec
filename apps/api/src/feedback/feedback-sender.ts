import type { Logger } from '@convox-builds/runtime';

import type { ApiMetrics } from '../api-metrics.js';
import { type Sender, startSender } from '../outgoing/start-sender.js';
import { type TellingParts, tellForge } from './tell-forge.js';

/** So that a forge that is slow takes no more than its share, and is not asked too often at once. */
const PER_HOST = 4;
/** To change a comment takes the reading of those that are there. */
const REQUESTS_AT_MOST = 12;

/** What a sender works with. */
export interface FeedbackSenderParts extends TellingParts {
  readonly logger: Logger;
  readonly metrics: Pick<ApiMetrics, 'feedbackTries'>;
}

/** Starts what tells forges how builds stand. */
export function startFeedbackSender(parts: FeedbackSenderParts): Sender {
  const { store, logger, metrics, timeoutMs } = parts;
  return startSender({
    name: 'feedback',
    logger,
    tryMs: timeoutMs * REQUESTS_AT_MOST,
    claim: (lease) => store.feedback.claim({ ...lease, perHost: PER_HOST }),
    release: (due) => store.feedback.release(due),
    send: async (due, stopping) => {
      const next = await tellForge(due, parts, stopping);
      metrics.feedbackTries.inc({ outcome: 'state' in next ? next.state : 'pending' });
      await store.feedback.record(due, next);
      if (!('state' in next) || next.state === 'told') return;
      const { host, buildId, what } = due;
      logger.warn({ host, buildId, what, reason: next.reason }, 'The forge was not told');
    },
  });
}
