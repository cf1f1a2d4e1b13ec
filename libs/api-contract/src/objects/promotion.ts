import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A promotion on the wire; Convox has no such object. */
export const promotionSchema = z.object({
  id: z.string(),
  app: textField,
  release: textField,
  /** Who asked for it. */
  actor: textField,
  /** `pending`, `running`, `succeeded` or `failed`. */
  state: textField,
  /** Why it failed, or is tried again. */
  reason: textField,
  tries: z.number().int().nonnegative(),
  created: timeField,
  started: timeField,
  ended: timeField,
});

/** A promotion on the wire. */
export type WirePromotion = z.output<typeof promotionSchema>;
