import { parseEcrHost, registryHostFromServer } from '@convox-builds/domain';
import type { EcrPasswords } from '@convox-builds/registry';
import type { SecretBox, Store } from '@convox-builds/store';

import type { FindLogin } from './registry-logins.js';

/** Where the rack's logins come from. */
export interface RackLoginParts {
  readonly store: Pick<Store, 'registries'>;
  readonly secretBox: SecretBox;
  readonly ecrPasswords: EcrPasswords;
}

/**
 * Makes what finds the logins that people gave the rack, at the moment when one is needed: one that was changed counts at
 * once. A registry is asked as a whole: of several entries of a host the one with the shortest name counts. An entry of ECR
 * is an access key, of which a password is made.
 *
 * @returns the finder; it throws an {@link EcrError} for an access key that cannot be used
 */
export function createRackLoginFinder({ store, secretBox, ecrPasswords }: RackLoginParts): FindLogin {
  return async (givenHost) => {
    const host = registryHostFromServer(givenHost);
    const entries = (await store.registries.list()).filter(({ server }) => registryHostFromServer(server) === host);
    const [entry] = entries.sort((a, b) => a.server.length - b.server.length);
    if (entry === undefined) return undefined;
    const { server, username, sealedPassword } = entry;
    const password = secretBox.open(sealedPassword, `registries/${server}`);
    if (parseEcrHost(host) === undefined) return { username, password };
    return ecrPasswords.get({ host, accessKey: { id: username, secret: password } });
  };
}
