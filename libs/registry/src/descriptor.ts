import { z } from 'zod';

/** A digest that we can verify. */
export const digestSchema = z.string().regex(/^sha256:[a-f0-9]{64}$/, 'expected a sha256 digest');

const platformWord = z.string().regex(/^[\x20-\x7e]{0,100}$/, 'expected a short word');

/** What an image runs on (OCI image spec, "Image Index"). */
export const platformSchema = z.object({
  os: platformWord,
  architecture: platformWord,
  variant: platformWord.optional(),
});

/** Names content by its digest (OCI image spec, "Content Descriptors"). */
export const descriptorSchema = z.object({
  mediaType: z.string(),
  digest: digestSchema,
  /** Bytes. */
  size: z.number().int().nonnegative(),
  platform: platformSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  /** Where else the content is, so that registries need not have it. */
  urls: z.array(z.string()).optional(),
});

/** Names content by its digest. */
export type Descriptor = z.infer<typeof descriptorSchema>;

const common = { mediaType: z.string().optional() };
const imageManifestSchema = z.object({ ...common, config: descriptorSchema, layers: z.array(descriptorSchema) });
const imageIndexSchema = z.object({ ...common, manifests: z.array(descriptorSchema) });

/** An image manifest: its config and layers. */
export type ImageManifest = z.infer<typeof imageManifestSchema> & { readonly kind: 'manifest' };
/** An image index: manifests by platform. */
export type ImageIndex = z.infer<typeof imageIndexSchema> & { readonly kind: 'index' };

/** Media types of manifests that we read: OCI's and Docker's. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/**
 * Reads a manifest or an index. One that could be taken for both is refused (CVE-2021-41190).
 *
 * @throws {SyntaxError} when it is neither
 */
export function parseManifest(bytes: Buffer): ImageManifest | ImageIndex {
  const json: unknown = JSON.parse(bytes.toString('utf8'));
  const manifest = imageManifestSchema.safeParse(json);
  const index = imageIndexSchema.safeParse(json);
  const isBoth =
    typeof json === 'object' && json !== null && 'manifests' in json && ('layers' in json || 'config' in json);
  if (isBoth) throw new SyntaxError('it is both an image manifest and an index');
  if (manifest.success) return { kind: 'manifest', ...manifest.data };
  if (index.success) return { kind: 'index', ...index.data };
  throw new SyntaxError('it is neither an image manifest nor an index');
}
