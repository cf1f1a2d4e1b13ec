import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A release on the wire (Convox, `pkg/structs/release.go`). */
export const releaseSchema = z.object({
  id: z.string(),
  app: textField,
  build: textField,
  /** `KEY=VALUE` lines; values are withheld from callers who may only read. */
  env: textField,
  manifest: textField,
  description: textField,
  created: timeField,
});

/** A release on the wire. */
export type WireRelease = z.output<typeof releaseSchema>;
