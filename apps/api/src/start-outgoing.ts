import type { Logger } from '@convox-builds/runtime';
import type { Store } from '@convox-builds/store';

import type { ApiMetrics } from './api-metrics.js';

import { createPromotionHook } from './promotions/create-promotion-hook.js';
import { type Promoter, startPromoter } from './promotions/promoter.js';
import type { Settings } from './settings.js';
import { startWebhookSender, type WebhookSender } from './webhooks/webhook-sender.js';

/** What a replica does for others by itself. */
export interface Outgoing {
  readonly promoter: Promoter;
  readonly webhookSender: WebhookSender;
  readonly close: () => Promise<void>;
}

/** Starts what promotes releases and what tells webhooks. */
export function startOutgoing(
  settings: Settings,
  parts: { store: Store; logger: Logger; metrics: ApiMetrics },
): Outgoing {
  const { registry, promotions, secretBox, rackName, webhooks } = settings;
  const promoter = startPromoter({
    ...parts,
    hook: createPromotionHook(settings),
    registryHost: registry.host,
    ...promotions,
  });
  const webhookSender = startWebhookSender({ ...parts, secretBox, rackName, ...webhooks });
  return {
    promoter,
    webhookSender,
    close: async () => {
      await Promise.all([promoter.close(), webhookSender.close()]);
    },
  };
}
