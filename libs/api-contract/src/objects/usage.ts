import { z } from 'zod';

const count = z.number().int().nonnegative();

/** What an app takes, on the wire. */
export const usageSchema = z.object({
  app: z.string(),
  builds: count,
  releases: count,
  images: count.describe('Different ones'),
  'image-bytes': count.describe('In the registry, each layer once'),
  'log-bytes': count.describe('As they are read'),
});

/** What an app takes, on the wire. */
export type WireUsage = z.output<typeof usageSchema>;
