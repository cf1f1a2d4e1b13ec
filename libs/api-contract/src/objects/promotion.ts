import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A promotion on the wire; Convox has no such object. */
export const promotionSchema = z.object({
  id: z.string(),
  app: textField,
  release: textField,
  actor: textField.describe('Who asked for it'),
  state: textField.describe('`pending`, `running`, `succeeded` or `failed`'),
  reason: textField.describe('Why it failed, or is tried again'),
  tries: z.number().int().nonnegative(),
  created: timeField,
  started: timeField,
  ended: timeField,
});

/** A promotion on the wire. */
export type WirePromotion = z.output<typeof promotionSchema>;
