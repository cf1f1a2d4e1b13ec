import { lookup as systemLookup } from 'node:dns/promises';

import type { AddressPolicy } from '@convox-builds/domain';

import { GitError } from './git-error.js';

/** Finds the addresses of a host. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** A host and a port, as a server is known by. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Asks the system, which also knows `/etc/hosts`. */
export const lookupHost: Lookup = async (host) =>
  (await systemLookup(host, { all: true })).map(({ address }) => address);

/** Which addresses may be connected to. */
export interface ResolveOptions {
  readonly policy: AddressPolicy;
  /** The rack's own services: they are never spoken to, in whichever network they are. */
  readonly ownServices: readonly Place[];
  readonly lookup: Lookup;
}

async function findAddresses(host: string, lookup: Lookup): Promise<readonly string[]> {
  try {
    return await lookup(host.replace(/^\[|\]$/g, ''));
  } catch (error) {
    const isUnknown = error instanceof Error && 'code' in error && error.code === 'ENOTFOUND';
    if (isUnknown) throw new GitError('not-found', `there is no host "${host}"`, { cause: error });
    throw new GitError('unavailable', `the address of "${host}" could not be found out`, { cause: error });
  }
}

async function isOwnService(address: string, port: number, { ownServices, lookup }: ResolveOptions): Promise<boolean> {
  for (const service of ownServices.filter((own) => own.port === port)) {
    const addresses = await lookup(service.host).catch((): readonly string[] => []);
    if (addresses.includes(address)) return true;
  }
  return false;
}

/** Finds the address of the server of a URL as {@link resolveHost} does. */
export function resolveUrl(url: URL, options: ResolveOptions): Promise<string> {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return resolveHost({ host: url.hostname, port }, options);
}

/**
 * Finds an address of a host that may be connected to. Whoever connects has to take this very address: asked again, a
 * name can have another one.
 *
 * @throws {GitError} `refused` when all of them are inward, `not-found`, `unavailable`
 */
export async function resolveHost({ host, port }: Place, options: ResolveOptions): Promise<string> {
  const addresses = await findAddresses(host, options.lookup);
  for (const address of addresses) {
    if (options.policy.allows(address) && !(await isOwnService(address, port, options))) return address;
  }
  const where = addresses.includes(host.replace(/^\[|\]$/g, '')) ? '' : ` (${addresses.join(', ')})`;
  throw new GitError(
    'refused',
    `"${host}"${where} is inside of the rack's network, which only its operator can open (GIT_ALLOWED_NETWORKS)`,
  );
}
