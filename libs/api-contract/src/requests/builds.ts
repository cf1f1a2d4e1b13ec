import { BUILD_LANES, BUILD_STATES } from '@convox-builds/domain';
import { z } from 'zod';

import { flag, limit, requestTime, sinceTime, text } from './fields.js';
import { manifestPath } from './manifest-path.js';
import { withBuildArgs } from './with-build-args.js';

const MAX_MANIFEST_LENGTH = 256 * 1024;
const MAX_ARGS_LENGTH = 512 * 1024;

/** `POST /apps/{a}/builds`, with the build arguments read from either of their forms. */
export const createBuildSchema = z
  .object({
    url: text(4096)
      .default('')
      .describe('The source: `object://<app>/<key>`, or the address of a git repository; empty for an external build'),
    'build-args': text(MAX_ARGS_LENGTH).optional().describe('`KEY=VALUE` pairs, joined with commas'),
    'build-args-json': text(MAX_ARGS_LENGTH).optional().describe('JSON list of `KEY=VALUE` texts; it wins'),
    description: text(1000).default(''),
    development: flag.describe('Builds the stage `development` where there is one'),
    external: flag.describe('Somebody else builds and pushes; the rack keeps the record'),
    'git-branch': text(255).default('').describe('Branch of the source'),
    'git-sha': text(100).default(''),
    lane: z
      .enum(BUILD_LANES, `must be one of ${BUILD_LANES.join(', ')}`)
      .default('interactive')
      .describe('Who waits for it'),
    manifest: manifestPath.default(''),
    'no-cache': flag.describe('Runs every step again'),
    submodules: flag.describe('The submodules of a git repository are fetched, too'),
    supersede: flag.describe('Builds of the same branch that still wait are cancelled'),
    'wildcard-domain': flag.describe('Kept on the record, and not used'),
  })
  .refine((form) => !form.supersede || form['git-branch'] !== '', 'supersede needs git-branch')
  .transform(withBuildArgs);

/** The header `Idempotency-Key`: a request that is repeated with the same key makes nothing new. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible characters');

/** `GET /apps/{a}/builds`. */
export const listBuildsSchema = z.object({
  limit,
  status: z
    .enum(['created', 'running', 'complete', 'failed'], 'must be created, running, complete or failed')
    .optional()
    .describe('Only builds of this status'),
  state: z
    .enum(BUILD_STATES, `must be one of ${BUILD_STATES.join(', ')}`)
    .optional()
    .describe('Only builds of this state'),
  commit: z
    .string()
    .regex(/^[0-9a-f]{4,64}$/, 'must be the beginning of a commit: 4 to 64 hex digits')
    .optional()
    .describe('Only builds of commits that begin with these hex digits'),
  since: sinceTime.optional().describe('Only builds that were not created before'),
});

const DAYS = /^\d{1,5}(?:\.\d{1,4})?$/;

/** `POST /apps/{a}/builds/prune`: at least one of the two says what is kept. */
export const pruneBuildsSchema = z
  .object({
    keep: z
      .string()
      .regex(/^\d{1,6}$/, 'must be a whole number')
      .transform(Number)
      .optional()
      .describe('How many of the newest builds are kept'),
    days: z
      .string()
      .regex(DAYS, 'must be a number of days')
      .transform(Number)
      .optional()
      .describe('Builds that ended within these days are kept'),
    'dry-run': flag.describe('Nothing is deleted: the answer is what would be'),
  })
  .refine(({ keep, days }) => keep !== undefined || days !== undefined, 'keep or days is required');

/** `POST /apps/{a}/builds/{id}/image`. */
export const importImageSchema = z.object({
  image: text(1000).default('').describe('Reference of the image; all services get it'),
  'src-creds-user': text(1000).default('').describe('User name at its registry'),
  'src-creds-pass': text(64 * 1024)
    .default('')
    .describe('Password at its registry; forgotten when the build ends'),
});

/** `PUT /apps/{a}/builds/{id}`: the client of an external build reports. What is not given stays. */
export const updateBuildSchema = z.object({
  ended: requestTime.optional(),
  entrypoint: text(4096).optional(),
  logs: text(1024).optional(),
  manifest: text(MAX_MANIFEST_LENGTH).optional(),
  release: text(100).optional(),
  started: requestTime.optional(),
  status: z.enum(['created', 'running', 'complete', 'failed'], 'must be running, complete or failed').optional(),
});
