import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A release on the wire (Convox, `pkg/structs/release.go`). */
export const releaseSchema = z.object({
  id: z.string().describe('`R` and ten letters'),
  app: textField,
  build: textField.describe('The build whose images it runs'),
  env: textField.describe('`KEY=VALUE` lines; values are withheld from callers who may only read'),
  manifest: textField.describe('Raw text of convox.yml'),
  description: textField,
  created: timeField,
});

/** A release on the wire. */
export type WireRelease = z.output<typeof releaseSchema>;
