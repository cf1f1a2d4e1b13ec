import { BlockList, isIP } from 'node:net';

/** Where nothing of the outside is (RFC 6890 and what maps into it): this machine, its neighbours, cloud metadata. */
const INWARD_NETWORKS = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2002::/16', 'fc00::/7', 'fe80::/10'],
  ...['fec0::/10', 'ff00::/8'],
];

/** Decides which addresses may be connected to. */
export interface AddressPolicy {
  /** Whether it is outside, or the rack's operator has opened its network. */
  readonly allows: (address: string) => boolean;
  /** Whether it is inward and the rack's operator has opened its network. */
  readonly isOpened: (address: string) => boolean;
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** An IPv4 address inside of an IPv6 one (`::ffff:127.0.0.1`) is that IPv4 address. */
function unmap(address: string): string {
  if (isIP(address) !== 6) return address;
  const host = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(host) ?? [];
  if (high === undefined || low === undefined) return host;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** Tells whether a text is a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

/**
 * Makes the rule by which addresses are let through.
 *
 * @param openNetworks inward networks that may be reached nevertheless, such as `10.1.0.0/16`
 */
export function createAddressPolicy(openNetworks: readonly string[]): AddressPolicy {
  const [inward, opened] = [listOf(INWARD_NETWORKS), listOf(openNetworks)];
  const isIn = (list: BlockList, address: string) => list.check(unmap(address), familyOf(unmap(address)));
  return {
    allows: (address) => isIP(address) !== 0 && (!isIn(inward, address) || isIn(opened, address)),
    isOpened: (address) => isIn(inward, address) && isIn(opened, address),
  };
}
