import { z } from 'zod';

/** The body of an error for a caller that accepts JSON; others get the message as text. */
export const errorBodySchema = z.object({
  error: z.string().describe('One line: what is wrong, where, and what to do'),
});

/** The body of an error for a caller that accepts JSON. */
export type WireErrorBody = z.output<typeof errorBodySchema>;
