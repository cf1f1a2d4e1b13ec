import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Descriptor,
  descriptorSchema,
  parseManifest,
  type RegistryClient,
  type Repository,
} from '@convox-builds/registry';
import { z } from 'zod';

const TAG_ANNOTATION = 'org.opencontainers.image.ref.name';
const indexSchema = z.object({ manifests: z.array(descriptorSchema).length(1) });

/** An OCI image layout on disk. */
interface Layout {
  readonly folder: string;
  readonly target: Repository;
}

const blobFile = ({ folder }: Layout, { digest }: Descriptor) => join(folder, 'blobs', ...digest.split(':'));

async function pushLayout(client: RegistryClient, layout: Layout): Promise<void> {
  const index = indexSchema.parse(JSON.parse(await readFile(join(layout.folder, 'index.json'), 'utf8')));
  const [descriptor] = index.manifests;
  if (descriptor === undefined) return;
  const bytes = await readFile(blobFile(layout, descriptor));
  const manifest = parseManifest(bytes);
  if (manifest.kind === 'index') throw new Error(`Cannot use base image "${layout.folder}": it is an index`);
  for (const blob of [manifest.config, ...manifest.layers]) {
    await client.putBlob(layout.target, blob, async () => createReadStream(blobFile(layout, blob)));
  }
  const tag = descriptor.annotations?.[TAG_ANNOTATION] ?? 'latest';
  await client.putManifest(layout.target, { descriptor, bytes }, { tag });
}

/**
 * Pushes the base images that set-up made, where Docker Hub cannot be reached, to the place in a registry that BuildKit asks
 * before Docker Hub. What is there already is not sent again.
 *
 * @param place the registry, and the path of the images in it
 * @returns the images' names
 */
export async function seedBaseImages(
  folder: string,
  { place, client }: { place: Repository; client: RegistryClient },
): Promise<string[]> {
  const folders = (await readdir(folder).catch(() => [])).filter((name) => !name.includes('.'));
  const names = folders.map(decodeURIComponent);
  for (const name of names) {
    await pushLayout(client, {
      folder: join(folder, encodeURIComponent(name)),
      target: { ...place, repository: `${place.repository}/${name.includes('/') ? name : `library/${name}`}` },
    });
  }
  return names;
}
