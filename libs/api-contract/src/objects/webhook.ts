import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A webhook on the wire. */
export const webhookSchema = z.object({
  id: z.string(),
  /** For callers who may only read: without what may be secret in it. */
  url: textField,
  /** `''` for all apps. */
  app: textField,
  events: z.array(z.string()),
  created: timeField,
  /** The key of the signatures; only in the answer to its creation. */
  secret: z.string().optional(),
});

/** A webhook on the wire. */
export type WireWebhook = z.output<typeof webhookSchema>;

/** A delivery on the wire: an event on its way to one webhook, and what came of the last try. */
export const deliverySchema = z.object({
  id: z.string(),
  event: textField,
  app: textField,
  /** `start`, `success` or `error`: the event's own. */
  status: textField,
  /** `pending`, `delivered` or `failed`. */
  state: textField,
  tries: z.number().int().nonnegative(),
  /** HTTP status of the answer, 0 without one. */
  'answer-status': z.number().int().nonnegative(),
  /** First bytes of the answer. */
  answer: textField,
  'duration-ms': z.number().int().nonnegative(),
  /** Why the last try did not deliver it. */
  reason: textField,
  created: timeField,
  ended: timeField,
  /** When it is tried again; the zero time when it has ended. */
  next: timeField,
});

/** A delivery on the wire. */
export type WireDelivery = z.output<typeof deliverySchema>;
