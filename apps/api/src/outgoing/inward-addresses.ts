import { BlockList, isIP } from 'node:net';

/** Networks that are not the internet (IANA's special-purpose registries), and those through which they can be reached. */
const INWARD = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23'],
  ...['2001:db8::/32', '2002::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];

/**
 * Makes a set of networks.
 *
 * @param networks such as `10.0.0.0/8` or `fd00::/8`; an address alone is a network of one
 * @throws {TypeError} naming what is no network
 */
export function createNetworkSet(networks: readonly string[]): BlockList {
  const set = new BlockList();
  for (const network of networks) {
    const [address = '', prefix, ...rest] = network.split('/');
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix);
    const isPrefix = prefix === undefined || /^\d{1,3}$/.test(prefix);
    if (version === 0 || rest.length > 0 || !isPrefix || bits > (version === 6 ? 128 : 32))
      throw new TypeError(`"${network}" is no network: write it like 10.0.0.0/8`);
    set.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
  }
  return set;
}

const inward = createNetworkSet(INWARD);

/** Tells whether an address leads to this machine or its neighbours, and not to the internet. */
export function isInward(address: string): boolean {
  const version = isIP(address);
  return version === 0 || inward.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** Tells whether an address is in a set. */
export function isIn(set: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && set.check(address, version === 6 ? 'ipv6' : 'ipv4');
}
