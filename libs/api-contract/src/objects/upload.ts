import { z } from 'zod';

/** An upload that goes straight to the object storage, on the wire. */
export const uploadSchema = z.object({
  id: z.string(),
  'part-bytes': z.number().int().describe('Size of every part but the last'),
  'max-bytes': z.number().int().describe('Of the content'),
});

/** A request that stores one part, on the wire. */
export const uploadPartSchema = z.object({
  url: z.string().describe('Where to send the part, with PUT. It is a secret for as long as it is valid'),
  headers: z.record(z.string(), z.string()).describe('To be sent exactly so'),
  expires: z.string().describe('RFC 3339'),
});

/** An upload that goes straight to the object storage, on the wire. */
export type WireUpload = z.output<typeof uploadSchema>;

/** A request that stores one part, on the wire. */
export type WireUploadPart = z.output<typeof uploadPartSchema>;
