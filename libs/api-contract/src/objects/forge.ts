import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A forge that is told of the builds of its repositories; its token is never answered. */
export const forgeSchema = z.object({
  host: z.string().describe('With the port, unless it is the usual one'),
  kind: z.string().describe('`github`, `gitlab`, `bitbucket` or `gitea`'),
  'api-url': textField,
  problem: textField.describe('Why the last thing that it was to be told was given up; empty when it was told'),
  created: timeField,
});

/** A forge that is told of the builds of its repositories. */
export type WireForge = z.output<typeof forgeSchema>;
