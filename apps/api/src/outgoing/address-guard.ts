import { type LookupAddress, lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

import { createAddressPolicy } from '@convox-builds/domain';

/** An address that nobody but the operator may have us call. */
export class InwardAddressError extends Error {
  override readonly name = 'InwardAddressError';

  constructor(host: string, address: string) {
    const what = host === address ? `address ${address} is` : `host ${host} has the address ${address}, which is`;
    super(`${what} inside of the rack's own networks: WEBHOOK_ALLOWED_NETWORKS can open it`);
  }
}

/** Decides to which addresses we connect. */
export interface AddressGuard {
  /** Resolves names for a connection and gives none but allowed addresses: what was checked is what is connected to. */
  readonly lookup: LookupFunction;
  /** Checks a host that is an address; no name is resolved for it. Throws {@link InwardAddressError}. */
  readonly assertHost: (host: string) => void;
}

/** Makes a guard that refuses inward addresses, but for the networks given, such as `10.1.0.0/16`. */
export function createAddressGuard(openNetworks: readonly string[]): AddressGuard {
  const { allows } = createAddressPolicy(openNetworks);
  return {
    lookup: (host, options, done) => {
      resolve(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
        if (error !== null) return done(error, '', 0);
        const open = found.filter(({ address }) => allows(address));
        const [first] = open;
        if (first === undefined) return done(new InwardAddressError(host, found[0]?.address ?? ''), '', 0);
        if (options.all === true) return done(null, open);
        done(null, first.address, first.family);
      });
    },
    assertHost: (host) => {
      const address = host.replace(/^\[|\]$/g, '');
      if (isIP(address) !== 0 && !allows(address)) throw new InwardAddressError(address, address);
    },
  };
}
