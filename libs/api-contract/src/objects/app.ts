import { z } from 'zod';

import { flagField, mapField, textField } from './fields.js';

/** An app on the wire (Convox, `pkg/structs/app.go`). */
export const appSchema = z.object({
  generation: textField.describe('Generation of the manifest; 2 by default'),
  locked: flagField.describe('Whether it is kept from being deleted'),
  name: z.string(),
  release: textField.describe("Id of the active release, `''` for none"),
  router: textField,
  status: textField.describe('`running`, `updating`, `rollback`, `creating` or `deleting`'),
  parameters: mapField.describe('Settings of its builds'),
});

/** An app on the wire. */
export type WireApp = z.output<typeof appSchema>;
