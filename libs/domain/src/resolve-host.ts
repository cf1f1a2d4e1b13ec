import type { AddressPolicy } from './address-policy.js';

/** Finds the addresses of a host. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** A host and a port, as a server is known by. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Finds the address at which a server may be asked; it throws a {@link HostError} where there is none. */
export type FindAddress = (place: Place) => Promise<string>;

/** Why a host has no address for us: all are inward (`refused`), there is no such host, or nobody could tell. */
export type HostErrorCode = 'refused' | 'not-found' | 'unavailable';

/** A host may not be asked, or cannot be found. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: HostErrorCode;

  constructor(code: HostErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Which addresses may be connected to. */
export interface ResolveOptions {
  readonly policy: AddressPolicy;
  /** The rack's own services: they are never spoken to, in whichever network they are. */
  readonly ownServices: readonly Place[];
  readonly lookup: Lookup;
  /** The variable that opens networks, for the message. */
  readonly setting: string;
}

async function findAddresses(host: string, lookup: Lookup): Promise<readonly string[]> {
  try {
    return await lookup(host.replace(/^\[|\]$/g, ''));
  } catch (error) {
    const isUnknown = error instanceof Error && 'code' in error && error.code === 'ENOTFOUND';
    if (isUnknown) throw new HostError('not-found', `there is no host "${host}"`, { cause: error });
    throw new HostError('unavailable', `the address of "${host}" could not be found out`, { cause: error });
  }
}

async function isOwnService(address: string, port: number, { ownServices, lookup }: ResolveOptions): Promise<boolean> {
  for (const service of ownServices.filter((own) => own.port === port)) {
    const addresses = await lookup(service.host).catch((): readonly string[] => []);
    if (addresses.includes(address)) return true;
  }
  return false;
}

/** Names the server of a web address. */
export function placeOfUrl({ hostname: host, port, protocol }: URL): Place {
  return { host, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

/**
 * Finds an address of a host that may be connected to. Whoever connects has to take this very address: asked again, a
 * name can have another one.
 *
 * @throws {HostError}
 */
export async function resolveHost({ host, port }: Place, options: ResolveOptions): Promise<string> {
  const addresses = await findAddresses(host, options.lookup);
  for (const address of addresses) {
    if (options.policy.allows(address) && !(await isOwnService(address, port, options))) return address;
  }
  const where = addresses.includes(host.replace(/^\[|\]$/g, '')) ? '' : ` (${addresses.join(', ')})`;
  throw new HostError(
    'refused',
    `"${host}"${where} is inside of the rack's network, which only its operator can open (${options.setting})`,
  );
}
