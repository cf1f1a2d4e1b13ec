import { z } from 'zod';

import { nestedForm, text } from './fields.js';

/** `POST /events`: clients report the end of external builds; the build's own record says the same. */
export const createEventSchema = z.object({
  action: text(255).optional(),
  data: nestedForm.optional(),
  error: text(4096).optional(),
  status: text(255).optional(),
});
