import { Readable } from 'node:stream';

import type { BuiltImage } from '@convox-builds/domain';
import { createRegistryClient, type Descriptor, digestOf, type RegistryClient } from '@convox-builds/registry';
import { NO_OPTIONS } from '@convox-builds/store';

import type { TestApi } from './start-test-api.js';

/** A client of a registry that lets everybody in. */
export function createOpenRegistryClient(): RegistryClient {
  const access = { isPlainHttp: () => true, mirrors: () => [], credentials: async () => undefined };
  return createRegistryClient({ access });
}

/** A test's registry with a client of it. */
export interface TestImages {
  readonly client: RegistryClient;
  readonly host: string;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Pushes an image of one layer, under its digest. */
async function pushLayer({ client, host }: TestImages, app: string, layer: Buffer): Promise<Descriptor> {
  const repository = { registry: host, repository: app };
  const push = async (mediaType: string, bytes: Buffer) => {
    const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
    await client.putBlob(repository, descriptor, async () => Readable.from([bytes]));
    return descriptor;
  };
  const text = JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Entrypoint: ['/bin/app', 'a b'] } });
  const config = await push(CONFIG, Buffer.from(text));
  const layers = [await push(LAYER, layer)];
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers }));
  const descriptor = { mediaType: MANIFEST, digest: digestOf(bytes), size: bytes.length };
  await client.putManifest(repository, { descriptor, bytes });
  return descriptor;
}

/** What a build is made of. */
export interface TestBuild {
  readonly app: string;
  readonly manifest: string;
  /** By service. */
  readonly layers: Readonly<Record<string, Buffer>>;
  readonly log?: Buffer;
}

/** Records a build that is complete, as a worker does, with its images in the registry; answers its id. */
export async function completeTestBuild({ store }: TestApi, images: TestImages, build: TestBuild): Promise<string> {
  const { app, manifest, layers, log = Buffer.from('first line\nlast line\n') } = build;
  await store.apps.create({ name: app, generation: '2' });
  const description = 'what it is';
  const { id } = await store.builds.create({ app, source: '', options: NO_OPTIONS, description, gitSha: 'abc123' });
  const claim = { buildId: id, attempt: 1, worker: 'worker-1' };
  await store.attempts.claim(claim, { leaseMs: 60_000 });
  await store.attempts.saveManifest(claim, manifest);
  for (let at = 0; at < log.length; at += 100_000) await store.logs.append(claim, log.subarray(at, at + 100_000));
  const recorded: Record<string, BuiltImage> = {};
  for (const [service, layer] of Object.entries(layers)) {
    recorded[service] = { ...(await pushLayer(images, app, layer)), platforms: ['linux/amd64'] };
  }
  await store.attempts.complete(claim, { images: recorded, entrypoint: "/bin/app 'a b'" });
  return id;
}
