import { BUILD_LANES, BUILD_STATES, builtImageSchema } from '@convox-builds/domain';
import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** One attempt of a build. */
const attemptSchema = z.object({
  /** Counted from 1. */
  attempt: z.number().int(),
  worker: textField,
  /** The state that the build came to; `queued` when it went back to the queue. */
  outcome: z.enum(BUILD_STATES),
  /** `user`, `limits`, `timeout`, `platform`, `credentials`, `lost-worker` or `cancelled`; `''` for none. */
  failure: textField,
  reason: textField,
  started: timeField,
  ended: timeField,
});

/** How a build stands in the queue. */
const queueSchema = z.object({
  /** Counted from 1. */
  position: z.number().int(),
  /** Seconds until it starts, as far as anybody can tell. */
  expected: z.number().optional(),
  /** What it waits for. */
  why: textField,
});

/** A build on the wire (Convox, `pkg/structs/build.go`); `state` and `images` are our additions. */
export const buildSchema = z.object({
  id: z.string(),
  app: textField,
  description: textField,
  'git-sha': textField,
  /** Branch of the source; absent on other racks. */
  'git-branch': textField.optional(),
  /** Address of the git repository that it was built from; absent on other racks. */
  'git-url': textField.optional(),
  /** What the commit says of itself, once a worker has fetched it. */
  'git-author': textField.optional(),
  'git-subject': textField.optional(),
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
  /** The class of what it failed by, in the words of an attempt's `failure`; absent on other racks. */
  failure: textField.optional(),
  lane: z.enum(BUILD_LANES).optional(),
});

/** A build with what only its own page tells. */
export const buildDetailsSchema = buildSchema.extend({
  attempts: z.array(attemptSchema).optional(),
  /** Only while it is in the queue. */
  queue: queueSchema.optional(),
});

/** A build on the wire. */
export type WireBuild = z.output<typeof buildSchema>;

/** A build on the wire, by itself. */
export type WireBuildDetails = z.output<typeof buildDetailsSchema>;
