import { z } from 'zod';

import { flagField, mapField, textField } from './fields.js';

/** An app on the wire (Convox, `pkg/structs/app.go`). */
export const appSchema = z.object({
  generation: textField,
  locked: flagField,
  name: z.string(),
  /** Id of the active release, `''` for none. */
  release: textField,
  router: textField,
  /** `running`, `updating`, `rollback`, `creating` or `deleting`. */
  status: textField,
  parameters: mapField,
});

/** An app on the wire. */
export type WireApp = z.output<typeof appSchema>;
