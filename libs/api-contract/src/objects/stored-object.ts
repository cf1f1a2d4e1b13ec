import { z } from 'zod';

/** Where an upload was stored, on the wire; the capital U is what clients expect. */
export const storedObjectSchema = z.object({ Url: z.string().describe('`object://<app>/<key>`') });

/** Where an upload was stored, on the wire. */
export type WireStoredObject = z.output<typeof storedObjectSchema>;
