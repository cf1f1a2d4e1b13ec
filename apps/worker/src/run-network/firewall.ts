import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';

import { chainRules, hookRules, type NetworkNames, type Rule } from './run-network-rules.js';

const run = promisify(execFile);

/** Runs iptables (or its twin for IPv6), waiting for others that use it. */
async function iptables(program: Rule['program'], ...args: string[]): Promise<void> {
  await run(program, ['-w', ...args]);
}

async function succeeds(action: Promise<void>): Promise<boolean> {
  return action.then(
    () => true,
    () => false,
  );
}

async function hasIpv6(): Promise<boolean> {
  return succeeds(access('/proc/net/if_inet6'));
}

async function usableHooks(names: NetworkNames): Promise<readonly Rule[]> {
  const isIpv6 = await hasIpv6();
  return hookRules(names).filter(({ program }) => program === 'iptables' || isIpv6);
}

async function removeHooks(names: NetworkNames): Promise<void> {
  for (const { program, table, chain, spec } of await usableHooks(names)) {
    while (await succeeds(iptables(program, '-t', table, '-D', chain, ...spec)));
  }
}

/** Closes the fence round a network: its chain is made anew, and the machine's own chains lead to it first. */
export async function closeFence(
  names: NetworkNames,
  open: { nameservers: readonly string[]; allow: readonly string[] },
): Promise<void> {
  await removeHooks(names);
  if (!(await succeeds(iptables('iptables', '-N', names.chain)))) await iptables('iptables', '-F', names.chain);
  for (const spec of chainRules(names, open)) await iptables('iptables', '-A', names.chain, ...spec);
  // Each goes in front of the one before, so the last one first.
  for (const { program, table, chain, spec } of [...(await usableHooks(names))].reverse()) {
    await iptables(program, '-t', table, '-I', chain, ...spec);
  }
}

/** Takes the fence away, as far as it is there. */
export async function removeFence(names: NetworkNames): Promise<void> {
  await removeHooks(names);
  await succeeds(iptables('iptables', '-F', names.chain));
  await succeeds(iptables('iptables', '-X', names.chain));
}
