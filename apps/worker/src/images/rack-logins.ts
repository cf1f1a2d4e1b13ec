import { BuildFailure, isEcrHost, registryHostFromServer } from '@convox-builds/domain';
import type { SecretBox, Store } from '@convox-builds/store';

import type { FindLogin } from './registry-logins.js';

/**
 * Makes what finds the logins that people gave the rack, at the moment when one is needed: one that was changed counts at
 * once. A registry is asked as a whole: of several entries of a host the one with the shortest name counts.
 *
 * @returns the finder; it throws a {@link BuildFailure} for an entry that cannot be used
 */
export function createRackLoginFinder({ registries }: Pick<Store, 'registries'>, secretBox: SecretBox): FindLogin {
  return async (givenHost) => {
    const host = registryHostFromServer(givenHost);
    const entries = (await registries.list()).filter(({ server }) => registryHostFromServer(server) === host);
    const [entry] = entries.sort((a, b) => a.server.length - b.server.length);
    if (entry === undefined) return undefined;
    const { server, username, sealedPassword } = entry;
    if (isEcrHost(host)) {
      throw new BuildFailure(
        'credentials',
        `registry ${server} is one of ECR: passwords from access keys are not supported yet, use another registry`,
      );
    }
    return { username, password: secretBox.open(sealedPassword, `registries/${server}`) };
  };
}
