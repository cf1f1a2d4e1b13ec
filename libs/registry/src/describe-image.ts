import { buffer } from 'node:stream/consumers';

import type { BuiltImage, ImageReference } from '@convox-builds/domain';
import { z } from 'zod';

import { platformSchema } from './descriptor.js';
import type { CallOptions, FetchedManifest, RegistryClient } from './registry-client.js';

/** What a service's image is, as its registry has it. */
export interface DescribedImage {
  readonly image: BuiltImage;
  /** The image's manifest or index, as the registry has it. */
  readonly manifest: FetchedManifest;
  /** The image's entrypoint, quoted for a shell; `''` for none. */
  readonly entrypoint: string;
}

const descriptorSchema = z.object({
  digest: z.string(),
  mediaType: z.string(),
  size: z.number(),
  platform: platformSchema.optional(),
});

/** An image manifest or an image index, as far as we look (OCI image spec). */
const manifestSchema = z.object({
  config: descriptorSchema.optional(),
  manifests: z.array(descriptorSchema).optional(),
});

const imageConfigSchema = platformSchema.extend({
  config: z.object({ Entrypoint: z.array(z.string()).nullish() }).nullish(),
});

type Platform = z.infer<typeof platformSchema>;

function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined || variant === '' ? [] : [variant])].join('/');
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

/**
 * Looks an image up by its digest in the registry: that it is there is what a release promises. For an index, the
 * entrypoint is that of its first platform.
 *
 * @throws {RegistryError} `not-found` when it is not there
 */
export async function describeImage(
  reference: ImageReference,
  registry: RegistryClient,
  options: CallOptions = {},
): Promise<DescribedImage> {
  const manifest = await registry.getManifest(reference, options);
  const { descriptor, bytes } = manifest;
  const { config, manifests } = manifestSchema.parse(JSON.parse(bytes.toString('utf8')));
  // Attestations are listed beside the images, with the platform unknown/unknown.
  const children = (manifests ?? []).filter(({ platform }) => platform !== undefined && platform.os !== 'unknown');
  const [first] = children;
  if (first !== undefined) {
    const { entrypoint } = await describeImage({ ...reference, digest: first.digest }, registry, options);
    const platforms = children.flatMap(({ platform }) => (platform === undefined ? [] : [formatPlatform(platform)]));
    return { image: { ...descriptor, platforms }, manifest, entrypoint };
  }
  if (config === undefined) return { image: { ...descriptor, platforms: [] }, manifest, entrypoint: '' };
  const imageConfig = imageConfigSchema.parse(
    JSON.parse((await buffer(await registry.getBlob(reference, config, options))).toString('utf8')),
  );
  const entrypoint = (imageConfig.config?.Entrypoint ?? []).map(quoteForShell).join(' ');
  return { image: { ...descriptor, platforms: [formatPlatform(imageConfig)] }, manifest, entrypoint };
}
