import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import type { RackRepositories, RegistryClient, Repository } from '@convox-builds/registry';

import { type Check, failed, ok } from './check.js';
import { reasonOf } from './reason-of.js';

/** No app has a slash in its name. */
const PROBE = 'doctor/probe';
const WITHIN_MS = 8000;
const PROBE_BYTES = 32;
const NO_DIGEST = `sha256:${'0'.repeat(64)}`;

/** The upload has come to its last step: it is taken back. */
class Enough extends Error {}

type Client = Pick<RegistryClient, 'putStream' | 'hasManifest'>;

async function beginUpload(client: Client, place: Repository, signal: AbortSignal): Promise<void> {
  const content = Readable.from([randomBytes(PROBE_BYTES)]);
  const accept = () => {
    throw new Enough();
  };
  try {
    await client.putStream(place, { content, size: PROBE_BYTES }, { accept, signal });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}

/**
 * The rack's registry takes uploads; where a repository would have to be made for that, it lets the rack in. Nothing is left in
 * it: the upload is given up before it becomes a blob.
 */
export function checkRegistry(
  client: Client,
  { repositoryOf, isMadeByPush }: Pick<RackRepositories, 'repositoryOf' | 'isMadeByPush'>,
): Check {
  return {
    name: 'registry',
    run: async () => {
      const place = repositoryOf(PROBE);
      const host = place.registry;
      const signal = AbortSignal.timeout(WITHIN_MS);
      const [can, cannot] = isMadeByPush
        ? ['takes uploads', 'takes no uploads']
        : ['lets the rack in', 'does not let the rack in'];
      try {
        if (isMadeByPush) await beginUpload(client, place, signal);
        else await client.hasManifest(place, NO_DIGEST, { signal });
      } catch (error) {
        const advice = 'see that it runs and what REGISTRY_HOST and its credentials are';
        return failed(`${host} ${cannot} (${reasonOf(error)}): ${advice}`);
      }
      return ok(`${host} ${can}`);
    },
  };
}
