import { readFile, writeFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';

import { writeCniFiles } from './cni-config.js';
import { createBridge, removeBridge } from './create-bridge.js';
import { closeFence, removeFence } from './firewall.js';

/** A network for RUN steps, with a fence round it. */
export interface RunNetwork {
  /** For buildkitd: `cniConfigPath`. */
  readonly cniConfigPath: string;
  /** For buildkitd: `cniBinaryPath`. */
  readonly cniBinaryPath: string;
  /** The machine's name servers, which RUN steps may ask; empty when it only has one of its own. */
  readonly dnsNameservers: readonly string[];
  /** Takes the network and its fence away. */
  readonly remove: () => Promise<void>;
}

/** What the network is made with. */
export interface RunNetworkOptions {
  /** The network's own folder, kept over restarts. */
  readonly stateFolder: string;
  /** Ranges (CIDR) that RUN steps may reach although they are private, e.g. that of a package mirror. */
  readonly allow: readonly string[];
}

async function readNameservers(): Promise<string[]> {
  const text = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
  const addresses = [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address = '']) => address);
  // A resolver on this machine's loopback cannot be reached from another network namespace.
  return addresses.filter((address) => isIPv4(address) && !address.startsWith('127.'));
}

/**
 * Makes the network of RUN steps: each gets a namespace of its own, joined to a bridge of this worker's. They reach the
 * internet and the machine's name servers, and nothing else: not this machine, not private ranges, not each other.
 *
 * @throws {Error} without root, iptables or the CNI plugins
 */
export async function createRunNetwork({ stateFolder, allow }: RunNetworkOptions): Promise<RunNetwork> {
  const nameservers = await readNameservers();
  const names = await createBridge(stateFolder);
  try {
    // RUN steps have no address of IPv6.
    await closeFence(names, { nameservers, allow: allow.filter((network) => !network.includes(':')) });
    await writeFile('/proc/sys/net/ipv4/ip_forward', '1');
    const { configPath, binaryPath } = await writeCniFiles(stateFolder, names);
    const remove = async () => {
      await removeFence(names);
      await removeBridge(names);
    };
    return { cniConfigPath: configPath, cniBinaryPath: binaryPath, dnsNameservers: nameservers, remove };
  } catch (error) {
    await removeFence(names);
    await removeBridge(names);
    throw error;
  }
}
