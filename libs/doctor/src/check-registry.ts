import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import type { RegistryClient } from '@convox-builds/registry';

import { type Check, failed, ok } from './check.js';

/** No app has a slash in its name. */
const REPOSITORY = 'doctor/probe';
const WITHIN_MS = 8000;
const PROBE_BYTES = 32;

/** The upload has come to its last step: it is taken back. */
class Enough extends Error {}

/** The rack's registry takes uploads. Nothing is left in it: the upload is given up before it becomes a blob. */
export function checkRegistry(client: Pick<RegistryClient, 'putStream'>, host: string): Check {
  return {
    name: 'registry',
    run: async () => {
      const content = Readable.from([randomBytes(PROBE_BYTES)]);
      const accept = () => {
        throw new Enough();
      };
      try {
        const options = { accept, signal: AbortSignal.timeout(WITHIN_MS) };
        await client.putStream({ registry: host, repository: REPOSITORY }, { content, size: PROBE_BYTES }, options);
      } catch (error) {
        if (error instanceof Enough) return ok(`${host} takes uploads`);
        const reason = error instanceof Error ? error.message : String(error);
        return failed(
          `${host} takes no uploads (${reason}): see that it runs and what REGISTRY_HOST and its credentials are`,
        );
      }
      return ok(`${host} takes uploads`);
    },
  };
}
