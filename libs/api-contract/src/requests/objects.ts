import { z } from 'zod';

import { countUpTo, text } from './fields.js';

const MAX_KEYS = 1000;

/** `GET /apps/{a}/objects`. */
export const listObjectsSchema = z.object({
  prefix: text(1000)
    .default('')
    .refine((value) => !value.split('/').some((part) => part === '..' || part === '.'), 'must not have ".." segments')
    .describe('Only keys that begin with it'),
  limit: countUpTo(MAX_KEYS, MAX_KEYS),
});
