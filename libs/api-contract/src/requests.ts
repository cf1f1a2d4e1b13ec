import { isAppName } from '@convox-builds/domain';
import { z } from 'zod';

import { limitSchema, wireBooleanSchema, wireMapSchema, wireTimeSchema } from './wire-scalars.js';

const text = z.string().max(64 * 1024);

/** `POST /apps` */
export const createAppSchema = z.object({
  name: z.string().refine(isAppName, 'app name invalid, must contain only lowercase alphanumeric and dashes'),
  generation: z.string().default('2'),
});

/** `PUT /apps/{app}` */
export const updateAppSchema = z.object({ lock: wireBooleanSchema.optional(), parameters: wireMapSchema.optional() });

/** Every list */
export const listSchema = z.object({ limit: limitSchema });

/** `POST /apps/{app}/builds` */
export const createBuildSchema = z.object({
  url: text.default(''),
  'build-args': text.optional(),
  'build-args-json': text.optional(),
  description: text.default(''),
  development: wireBooleanSchema.default(false),
  external: wireBooleanSchema.default(false),
  manifest: z.string().max(1024).default(''),
  'no-cache': wireBooleanSchema.default(false),
  'wildcard-domain': wireBooleanSchema.default(false),
  'git-sha': z.string().max(100).default(''),
});

/** `PUT /apps/{app}/builds/{id}` */
export const updateBuildSchema = z.object({
  ended: wireTimeSchema.optional(),
  entrypoint: text.optional(),
  logs: text.optional(),
  manifest: z
    .string()
    .max(256 * 1024)
    .optional(),
  release: text.optional(),
  started: wireTimeSchema.optional(),
  status: z.enum(['created', 'running', 'complete', 'failed']).optional(),
});

/** `POST /apps/{app}/releases` */
export const createReleaseSchema = z.object({
  build: text.optional(),
  env: z
    .string()
    .max(1024 * 1024)
    .optional(),
  description: text.optional(),
  'parent-release': text.optional(),
});

/** `POST /apps/{app}/releases/{id}/promote` */
export const promoteReleaseSchema = z.object({ force: wireBooleanSchema.default(false) });
