import type { Logger } from '@convox-builds/runtime';
import type { Store } from '@convox-builds/store';

import type { ApiMetrics } from './api-metrics.js';
import type { RackRegistry } from './archives/rack-registry.js';
import { startFeedbackSender } from './feedback/feedback-sender.js';
import type { Sender } from './outgoing/start-sender.js';
import { createPromotionHook } from './promotions/create-promotion-hook.js';
import { type Promoter, startPromoter } from './promotions/promoter.js';
import type { Settings } from './settings.js';
import { startWebhookSender } from './webhooks/webhook-sender.js';

/** What a replica does for others by itself. */
export interface Outgoing {
  readonly promoter: Promoter;
  readonly webhookSender: Sender;
  readonly close: () => Promise<void>;
}

/** Starts what promotes releases, what tells webhooks, and what tells forges. */
export function startOutgoing(
  settings: Settings,
  { registry, ...parts }: { store: Store; logger: Logger; metrics: ApiMetrics; registry: RackRegistry | undefined },
): Outgoing {
  const { promotions, secretBox, rackName, webhooks, publicUrl } = settings;
  const promoter = startPromoter({
    ...parts,
    hook: createPromotionHook(settings),
    registry,
    ...promotions,
  });
  const webhookSender = startWebhookSender({ ...parts, secretBox, rackName, ...webhooks });
  const feedbackSender = startFeedbackSender({ ...parts, registry, secretBox, rackName, publicUrl, ...webhooks });
  return {
    promoter,
    webhookSender,
    close: async () => {
      await Promise.all([promoter.close(), webhookSender.close(), feedbackSender.close()]);
    },
  };
}
