import { z } from 'zod';

import { textField } from './fields.js';

/** A registry on the wire (Convox, `pkg/structs/registry.go`). */
export const registrySchema = z.object({
  server: textField,
  username: textField,
  password: textField.describe('Always empty: what was given is not answered back'),
});

/** A registry on the wire. */
export type WireRegistry = z.output<typeof registrySchema>;
