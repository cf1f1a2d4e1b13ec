import { parseImageReference } from '@convox-builds/domain';
import { copyImage, createRegistryClient } from '@convox-builds/registry';

import { RACK_IMAGES } from './build-rack-images.mjs';

function loginOf({ url }) {
  const { username, password } = new URL(url);
  return { username, password };
}

/**
 * Copies the images of a build from its rack's registry to another one, to where the chart looks for them.
 *
 * @param {{ repository: string, tag: string, login?: { username: string, password: string }, isPlainHttp: boolean }} target
 * @returns {Promise<Record<string, string>>} their digests
 */
export async function pushRackImages({ app, images }, { rack }, { repository, tag, login, isPlainHttp }) {
  const source = { registry: rack.registryHost, repository: app };
  const isSource = (host) => host === source.registry;
  const client = createRegistryClient({
    access: {
      isPlainHttp: (host) => isSource(host) || isPlainHttp,
      mirrors: () => [],
      credentials: async (host) => (isSource(host) ? loginOf(rack) : login),
    },
  });
  const digests = {};
  for (const name of RACK_IMAGES) {
    const target = parseImageReference(`${repository}/${name}:${tag}`);
    const { digest } = await copyImage(client, { source: { ...source, digest: images[name].digest }, target });
    await client.tag({ ...target, digest }, tag);
    digests[name] = digest;
  }
  return digests;
}
