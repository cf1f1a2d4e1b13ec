import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A forge that is told of the builds of its repositories; its token is never answered. */
export const forgeSchema = z.object({
  host: z.string().describe('With the port, unless it is the usual one'),
  kind: z.string().describe('`github`, `gitlab`, `bitbucket` or `gitea`'),
  'api-url': textField,
  created: timeField,
});

/** A forge that is told of the builds of its repositories. */
export type WireForge = z.output<typeof forgeSchema>;
