import { z } from 'zod';

/** A named value that clients keep with an app, on the wire. */
export const configSchema = z.object({ name: z.string(), value: z.string() });

/** A named value on the wire. */
export type WireConfig = z.output<typeof configSchema>;
