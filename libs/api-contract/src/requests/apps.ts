import { isAppName } from '@convox-builds/domain';
import { z } from 'zod';

import { nestedForm, optionalFlag } from './fields.js';

/** `POST /apps`. */
export const createAppSchema = z.object({
  name: z
    .string('is required')
    .refine(isAppName, 'must be 1 to 63 lower-case letters, digits and single dashes, beginning with a letter'),
  generation: z.enum(['1', '2', '3'], 'must be 1, 2 or 3').default('2'),
});

/** `PUT /apps/{a}`: what is not given stays. */
export const updateAppSchema = z.object({
  lock: optionalFlag,
  parameters: nestedForm
    .refine((map) => Object.keys(map).every((key) => /^[A-Za-z][A-Za-z0-9]{0,63}$/.test(key)), {
      message: 'must have names of letters and digits',
    })
    .optional(),
});
