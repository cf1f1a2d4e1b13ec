import { z } from 'zod';

import { createAddressGuard } from '../outgoing/address-guard.js';
import { createNetworkSet } from '../outgoing/inward-addresses.js';

const networksSchema = z
  .string()
  .default('')
  .transform((text, context) => {
    try {
      const networks = text.split(',').map((network) => network.trim());
      return createAddressGuard(createNetworkSet(networks.filter((network) => network !== '')));
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });

/** The environment variables about webhooks. */
export const webhookVariables = {
  /** Networks of our own that webhooks may lead to, such as `10.1.0.0/16,fd00::/8`; without it the internet alone. */
  WEBHOOK_ALLOWED_NETWORKS: networksSchema,
  /** How long a receiver may take for its answer. */
  WEBHOOK_TIMEOUT_SECONDS: z.coerce.number().positive().max(60).default(10),
};
