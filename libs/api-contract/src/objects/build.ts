import { BUILD_STATES, builtImageSchema } from '@convox-builds/domain';
import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A build on the wire (Convox, `pkg/structs/build.go`); `state` and `images` are our additions. */
export const buildSchema = z.object({
  id: z.string(),
  app: textField,
  description: textField,
  'git-sha': textField,
  status: z.enum(['created', 'running', 'complete', 'failed']),
  started: timeField,
  ended: timeField,
  /** Id of the release that this build made; set before `status` is `complete`. */
  release: textField,
  /** Raw text of convox.yml. */
  manifest: textField,
  /** Address of the stored log. */
  logs: textField,
  entrypoint: textField,
  /** The worker. */
  process: textField,
  /** Why it failed. */
  reason: textField,
  /** Where the client of an external build pushes to. */
  repository: textField,
  /** The full word; absent on other racks. */
  state: z.enum(BUILD_STATES).optional(),
  /** What was built, by service; absent on other racks. */
  images: z.record(z.string(), builtImageSchema).optional(),
});

/** A build on the wire. */
export type WireBuild = z.output<typeof buildSchema>;
