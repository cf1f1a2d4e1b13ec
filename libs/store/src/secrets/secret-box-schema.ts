import { z } from 'zod';

import { createSecretBox } from './secret-box.js';

/** Reads the environment variable `ENCRYPTION_KEY`, see {@link createSecretBox}, as a secret box. */
export const secretBoxSchema = z.string().transform((keys, context) => {
  try {
    return createSecretBox(keys);
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : String(error));
    return z.NEVER;
  }
});
