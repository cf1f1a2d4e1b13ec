import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A webhook on the wire. */
export const webhookSchema = z.object({
  id: z.string(),
  url: textField.describe('For callers who may only read: without what may be secret in it'),
  app: textField.describe("`''` for all apps"),
  events: z.array(z.string()),
  format: textField.describe('`convox` or `slack`'),
  created: timeField,
  secret: z.string().describe('The key of the signatures; only in the answer to its creation').optional(),
});

/** A webhook on the wire. */
export type WireWebhook = z.output<typeof webhookSchema>;

/** A delivery on the wire: an event on its way to one webhook, and what came of the last try. */
export const deliverySchema = z.object({
  id: z.string(),
  event: textField,
  app: textField,
  status: textField.describe("`start`, `success` or `error`: the event's own"),
  state: textField.describe('`pending`, `delivered` or `failed`'),
  tries: z.number().int().nonnegative(),
  'answer-status': z.number().int().nonnegative().describe('HTTP status of the answer, 0 without one'),
  answer: textField.describe('First bytes of the answer'),
  'duration-ms': z.number().int().nonnegative(),
  reason: textField.describe('Why the last try did not deliver it'),
  created: timeField,
  ended: timeField,
  next: timeField.describe('When it is tried again; the zero time when it has ended'),
});

/** A delivery on the wire. */
export type WireDelivery = z.output<typeof deliverySchema>;
