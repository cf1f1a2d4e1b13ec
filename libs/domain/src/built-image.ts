import { z } from 'zod';

/** What a build recorded of one service's image. */
export const builtImageSchema = z.object({
  /** Digest of the manifest or index: what a release pins. */
  digest: z.string(),
  /** Media type of what the digest names. */
  mediaType: z.string(),
  /** Bytes of the manifest or index itself, as in its descriptor. */
  size: z.number().int().nonnegative(),
  /** Platforms, e.g. `linux/amd64`; empty when unknown. */
  platforms: z.array(z.string()),
});

/** What a build recorded of one service's image. */
export type BuiltImage = z.infer<typeof builtImageSchema>;

/** Images by service name. */
export type BuiltImages = Readonly<Record<string, BuiltImage>>;
