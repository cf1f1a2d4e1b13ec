import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { createRegistryClient } from '@convox-builds/registry';

import { run } from '../set-up/run.mjs';

const RUN_SERVICE = 'worker';

/** Pulls as a person would: the registry sends us for a token, and the rack's password gets one. */
function createPerson({ url }) {
  const { username, password } = new URL(url);
  return createRegistryClient({
    access: { isPlainHttp: () => true, mirrors: () => [], credentials: async () => ({ username, password }) },
  });
}

async function pull(client, reference, folder) {
  const { bytes } = await client.getManifest(reference);
  const manifest = JSON.parse(bytes.toString());
  const root = join(folder, 'rootfs');
  mkdirSync(root, { recursive: true });
  for (const layer of manifest.layers) {
    const blob = await buffer(await client.getBlob(reference, layer));
    run('tar', ['-xz', '-C', root], { input: blob, stdio: ['pipe', 'pipe', 'pipe'], encoding: undefined });
  }
  const config = JSON.parse((await buffer(await client.getBlob(reference, manifest.config))).toString());
  return { config: config.config, layers: manifest.layers.length };
}

/** Runs a pulled image's entrypoint in a container of its own. */
function runImage(folder, { Entrypoint = [], Cmd = [], Env = [] }) {
  run('runc', ['spec', '--bundle', folder]);
  const spec = JSON.parse(run('cat', [join(folder, 'config.json')]));
  spec.process = { ...spec.process, terminal: false, args: [...(Entrypoint ?? []), ...(Cmd ?? [])], env: Env };
  spec.root = { path: 'rootfs', readonly: true };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(spec));
  return run('runc', ['run', '--bundle', folder, `convox-demo-${process.pid}`]);
}

/** Shows that what a build recorded is in the registry, under the recorded digest, and that it runs. */
export async function proveImages(build, { rack, folder }) {
  const client = createPerson(rack);
  for (const [service, { digest, platforms }] of Object.entries(build.images)) {
    const place = join(folder, 'proof', service);
    const reference = { registry: rack.registryHost, repository: build.app, digest };
    const { config, layers } = await pull(client, reference, place);
    process.stdout.write(`${service}: pulled ${digest} (${platforms.join(', ')}, ${layers} layers)\n`);
    if (service === RUN_SERVICE) process.stdout.write(`${service}: runs and says: ${runImage(place, config)}`);
  }
}
