import { z } from 'zod';

import { mapField, textField } from './fields.js';

/**
 * The version that our racks report. Clients compare it as text with `20180708231844` and fall back to an older protocol
 * for what sorts below, so it begins with a 3.
 */
export const RACK_VERSION = '3.24.0';

/** A rack on the wire (Convox, `pkg/structs/system.go`). */
export const systemSchema = z.object({
  count: z
    .number()
    .int()
    .nullish()
    .transform((value) => value ?? 0)
    .meta({ type: 'integer', minimum: 0 }),
  domain: textField,
  name: textField,
  outputs: mapField,
  parameters: mapField,
  provider: textField,
  'rack-domain': textField,
  'router-internal': textField,
  region: textField,
  status: textField,
  type: textField,
  version: textField,
});

/** A rack on the wire. */
export type WireSystem = z.output<typeof systemSchema>;
