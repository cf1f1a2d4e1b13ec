import { networksSchema } from '@convox-builds/domain';
import { z } from 'zod';

/** The environment variables about webhooks. */
export const webhookVariables = {
  /** Networks of our own that webhooks may lead to, such as `10.1.0.0/16,fd00::/8`; without it the internet alone. */
  WEBHOOK_ALLOWED_NETWORKS: networksSchema,
  /** How long a receiver may take for its answer. */
  WEBHOOK_TIMEOUT_SECONDS: z.coerce.number().positive().max(60).default(10),
};
