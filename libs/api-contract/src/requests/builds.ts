import { BUILD_LANES } from '@convox-builds/domain';
import { z } from 'zod';

import { parseBuildArgs } from '../build-args.js';
import { flag, limit, requestTime, text } from './fields.js';

const MAX_MANIFEST_LENGTH = 256 * 1024;
const MAX_ARGS_LENGTH = 512 * 1024;

const isInsideSource = (path: string) =>
  !path.startsWith('/') && !path.split('/').some((part) => part === '..') && !path.includes('\\');

/** `POST /apps/{a}/builds`, with the build arguments read from either of their forms. */
export const createBuildSchema = z
  .object({
    url: text(4096).default(''),
    'build-args': text(MAX_ARGS_LENGTH).optional(),
    'build-args-json': text(MAX_ARGS_LENGTH).optional(),
    description: text(1000).default(''),
    development: flag,
    external: flag,
    /** Branch of the source. */
    'git-branch': text(255).default(''),
    'git-sha': text(100).default(''),
    lane: z.enum(BUILD_LANES, `must be one of ${BUILD_LANES.join(', ')}`).default('interactive'),
    manifest: text(1000).refine(isInsideSource, 'must be a path inside the source').default(''),
    'no-cache': flag,
    /** The submodules of a git repository are fetched, too. */
    submodules: flag,
    /** Builds of the same branch that still wait are cancelled. */
    supersede: flag,
    'wildcard-domain': flag,
  })
  .refine((form) => !form.supersede || form['git-branch'] !== '', 'supersede needs git-branch')
  .transform((form, context) => {
    try {
      return { ...form, buildArgs: parseBuildArgs(form) };
    } catch (error) {
      const message = error instanceof SyntaxError ? error.message : 'build-args: cannot be read';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  });

/** The header `Idempotency-Key`: a request that is repeated with the same key makes nothing new. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible characters');

/** `GET /apps/{a}/builds`. */
export const listBuildsSchema = z.object({ limit });

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
