import { buffer } from 'node:stream/consumers';

import type { ImageReference } from '@convox-builds/domain';
import type { RegistryClient } from '@convox-builds/registry';
import { z } from 'zod';

import type { BuiltService } from './built-service.js';

const platformSchema = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });

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
 */
export async function describeImage(reference: ImageReference, registry: RegistryClient): Promise<BuiltService> {
  const manifest = await registry.getManifest(reference);
  const { descriptor, bytes } = manifest;
  const { config, manifests } = manifestSchema.parse(JSON.parse(bytes.toString('utf8')));
  // Attestations are listed beside the images, with the platform unknown/unknown.
  const children = (manifests ?? []).filter(({ platform }) => platform !== undefined && platform.os !== 'unknown');
  const [first] = children;
  if (first !== undefined) {
    const { entrypoint } = await describeImage({ ...reference, digest: first.digest }, registry);
    const platforms = children.flatMap(({ platform }) => (platform === undefined ? [] : [formatPlatform(platform)]));
    return { image: { ...descriptor, platforms }, manifest, entrypoint };
  }
  if (config === undefined) return { image: { ...descriptor, platforms: [] }, manifest, entrypoint: '' };
  const imageConfig = imageConfigSchema.parse(
    JSON.parse((await buffer(await registry.getBlob(reference, config))).toString('utf8')),
  );
  const entrypoint = (imageConfig.config?.Entrypoint ?? []).map(quoteForShell).join(' ');
  return { image: { ...descriptor, platforms: [formatPlatform(imageConfig)] }, manifest, entrypoint };
}
