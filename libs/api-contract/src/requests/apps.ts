import { isAppName } from '@convox-builds/domain';
import { z } from 'zod';

import { findParameterProblem } from './app-parameters.js';
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
  lock: optionalFlag.describe('Whether it is kept from being deleted'),
  parameters: nestedForm
    .superRefine((parameters, context) => {
      const problem = findParameterProblem(parameters);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .optional()
    .describe('A urlencoded form inside of this one; what is not named stays, an empty value takes one back'),
});
