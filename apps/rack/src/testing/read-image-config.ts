import { text } from 'node:stream/consumers';

import { createRegistryClient, parseManifest, type RegistryClient } from '@convox-builds/registry';

import type { TestRack } from './start-test-rack.js';

/** The configuration of an image (OCI image spec, `config.md`), as far as tests look. */
export interface ImageConfig {
  readonly created: string;
  readonly config: { readonly Labels: Readonly<Record<string, string>> };
}

/** A client of a rack's registry that has its password. */
export function createRackRegistryClient(rack: TestRack): RegistryClient {
  const { username, password } = new URL(rack.url);
  const credentials = async (host: string) => (host === rack.registryHost ? { username, password } : undefined);
  return createRegistryClient({ access: { isPlainHttp: () => true, mirrors: () => [], credentials } });
}

/** Reads the configuration of an app's image of one platform. */
export async function readImageConfig(rack: TestRack, app: string, digest: string): Promise<ImageConfig> {
  const registry = createRackRegistryClient(rack);
  const repository = { registry: rack.registryHost, repository: app };
  const manifest = parseManifest((await registry.getManifest({ ...repository, digest })).bytes);
  if (manifest.kind !== 'manifest') throw new TypeError(`${digest} is an index`);
  return JSON.parse(await text(await registry.getBlob(repository, manifest.config)));
}
