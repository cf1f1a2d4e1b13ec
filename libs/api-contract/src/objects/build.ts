import { BUILD_LANES, BUILD_STATES, builtImageSchema } from '@convox-builds/domain';
import { z } from 'zod';

import { baseImageSchema } from './base-image.js';
import { buildCacheSchema } from './build-cache.js';
import { textField, timeField } from './fields.js';

/** One attempt of a build. */
const attemptSchema = z.object({
  attempt: z.number().int().positive().describe('Counted from 1'),
  worker: textField,
  outcome: z.enum(BUILD_STATES).describe('The state that the build came to; `queued` when it went back to the queue'),
  failure: textField.describe(
    "`user`, `limits`, `timeout`, `platform`, `credentials`, `lost-worker` or `cancelled`; `''` for none",
  ),
  reason: textField,
  started: timeField,
  ended: timeField,
});

/** How a build stands in the queue. */
const queueSchema = z.object({
  position: z.number().int().positive().describe('Counted from 1'),
  expected: z.number().optional().describe('Seconds until it starts, as far as anybody can tell'),
  why: textField.describe('What it waits for'),
});

/** A build on the wire (Convox, `pkg/structs/build.go`); `state` and `images` are our additions. */
export const buildSchema = z.object({
  id: z.string().describe('`B` and ten letters'),
  app: textField,
  description: textField,
  'git-sha': textField.describe('Commit of the source'),
  'git-branch': textField.describe('Branch of the source; absent on other racks').optional(),
  'git-url': textField
    .describe('Address of the git repository that it was built from; absent on other racks')
    .optional(),
  'git-author': textField.describe('What the commit says of itself, once a worker has fetched it').optional(),
  'git-subject': textField.describe('First line of the message of the commit').optional(),
  status: z
    .enum(['created', 'running', 'complete', 'failed'])
    .describe('In the four words of older clients: a build that waits is `created`, a cancelled one `failed`'),
  started: timeField.describe('When it was taken up, until then when it was recorded'),
  ended: timeField.describe('The zero time until it has ended'),
  release: textField.describe('Id of the release that this build made; set before `status` is `complete`'),
  manifest: textField.describe('Raw text of convox.yml'),
  logs: textField.describe('Address of the stored log'),
  entrypoint: textField.describe('Entrypoint of the last service'),
  process: textField.describe('The worker'),
  reason: textField.describe('Why it failed'),
  repository: textField.describe(
    'Where the client of an external build pushes to, with the credentials for it: only in the answer that creates it',
  ),
  state: z.enum(BUILD_STATES).describe('The full word; absent on other racks').optional(),
  images: z
    .record(z.string(), builtImageSchema)
    .describe('What was built, by service; absent on other racks')
    .optional(),
  failure: textField
    .describe("The class of what it failed by, in the words of an attempt's `failure`; absent on other racks")
    .optional(),
  lane: z.enum(BUILD_LANES).describe('Who waits for it; absent on other racks').optional(),
});

/** A build with what only its own page tells. */
export const buildDetailsSchema = buildSchema.extend({
  attempts: z.array(attemptSchema).optional(),
  caches: z
    .array(buildCacheSchema)
    .describe('Where the steps of its services came from; written after its end')
    .optional(),
  bases: z
    .array(baseImageSchema)
    .describe('What its base images were resolved to, once for all its services and attempts; absent on other racks')
    .optional(),
  queue: queueSchema.describe('Only while it is in the queue').optional(),
});

/** A build that was just imported. */
export const importedBuildSchema = buildSchema.extend({
  warnings: z
    .array(z.string())
    .describe('What was odd about its archive, or is missing here; absent on other racks')
    .optional(),
});

/** A build on the wire. */
export type WireBuild = z.output<typeof buildSchema>;

/** A build on the wire, by itself. */
export type WireBuildDetails = z.output<typeof buildDetailsSchema>;

/** A build on the wire, just imported. */
export type WireImportedBuild = z.output<typeof importedBuildSchema>;
