import { z } from 'zod';

/** How well something is: `warning`: it works, worse than it could; `failed`: it does not. */
export const FINDING_STATUSES = ['ok', 'warning', 'failed'] as const;

/** How well something is. */
export type FindingStatus = (typeof FINDING_STATUSES)[number];

/** What the doctor found out about one thing. */
export const findingSchema = z.object({
  /** What was looked at, e.g. `redis`. */
  check: z.string(),
  status: z.enum(FINDING_STATUSES),
  /** One line: what is the case, where, and what to do. */
  message: z.string(),
});

/** What the doctor found out about one thing. */
export type Finding = z.infer<typeof findingSchema>;
