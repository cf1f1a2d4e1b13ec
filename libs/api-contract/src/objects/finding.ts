import { FINDING_STATUSES } from '@convox-builds/domain';
import { z } from 'zod';

/** What the doctor found out, on the wire. */
export const wireFindingSchema = z.object({
  on: z.string().describe('`rack`, or the name of a worker'),
  check: z.string().describe('What was looked at'),
  status: z.enum(FINDING_STATUSES).describe('`warning`: it works, worse than it could; `failed`: it does not'),
  message: z.string().describe('What is the case, where, and what to do'),
});

/** What the doctor found out, on the wire. */
export type WireFinding = z.output<typeof wireFindingSchema>;
