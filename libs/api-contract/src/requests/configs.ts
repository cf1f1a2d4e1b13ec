import { z } from 'zod';

import { text } from './fields.js';

/** `PUT /apps/{a}/configs/{name}`. */
export const updateConfigSchema = z.object({ value: text(64 * 1024) });

/** The name of a config, in a path. */
export const configNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be 1 to 100 letters, digits, dots, dashes and underscores');
