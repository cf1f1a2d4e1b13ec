import { z } from 'zod';

import { flag, limit, text } from './fields.js';

const MAX_ENVIRONMENT_LENGTH = 1024 * 1024;

/** `POST /apps/{a}/releases`: what is not given is taken from the release before. */
export const createReleaseSchema = z.object({
  build: text(100).optional().describe('The build whose images it runs'),
  description: text(1000).optional(),
  env: text(MAX_ENVIRONMENT_LENGTH)
    .optional()
    .describe('The whole new environment as `KEY=VALUE` lines; an empty text empties it'),
  'parent-release': text(100).optional().describe('The release to start from instead of the latest one'),
});

/** `GET /apps/{a}/releases`. */
export const listReleasesSchema = z.object({ limit });

/** `GET /apps/{a}/promotions`. */
export const listPromotionsSchema = z.object({ limit });

/** `POST /apps/{a}/releases/{id}/promote`; what concerns a deployment is accepted and not used. */
export const promoteReleaseSchema = z.object({ force: flag });
