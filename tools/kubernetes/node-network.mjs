import { spawnSync } from 'node:child_process';

import { run } from '../set-up/run.mjs';
import { MACHINE_ADDRESS, NODE_ADDRESS, PODS, SERVICES, WIRE_NETWORK } from './networks.mjs';

const WIRE = 'kube-tests';
/** Somebody on the internet (RFC 5737), and the metadata of clouds. */
const PLAYED = ['203.0.113.1', '169.254.169.254'];
/** What lets the node out into the world: it has no address there. Some of the world the machine plays itself. */
const RULES = [
  ...PLAYED.map((address) => ['nat', 'PREROUTING', '-i', WIRE, '-d', address, '-j', 'REDIRECT']),
  ['nat', 'POSTROUTING', '-s', WIRE_NETWORK, '!', '-o', WIRE, '-j', 'MASQUERADE'],
  ['filter', 'FORWARD', '-i', WIRE, '-j', 'ACCEPT'],
  ['filter', 'FORWARD', '-o', WIRE, '-j', 'ACCEPT'],
];

/** Lays a wire between the machine and the node. The machine reaches Services through it, as from outside of the cluster. */
export function joinNetwork(pid, runOnNode) {
  run('ip', ['link', 'add', WIRE, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', pid]);
  run('ip', ['address', 'add', `${MACHINE_ADDRESS}/30`, 'dev', WIRE]);
  run('ip', ['link', 'set', WIRE, 'up']);
  runOnNode('ip', ['link', 'set', 'lo', 'up']);
  runOnNode('ip', ['address', 'add', `${NODE_ADDRESS}/30`, 'dev', 'eth0']);
  runOnNode('ip', ['link', 'set', 'eth0', 'up']);
  runOnNode('ip', ['route', 'add', 'default', 'via', MACHINE_ADDRESS]);
  // What is sent to a pod that is gone does not go out into the world.
  runOnNode('ip', ['route', 'add', 'unreachable', PODS]);
  run('ip', ['route', 'add', SERVICES, 'via', NODE_ADDRESS]);
  for (const runThere of [run, runOnNode]) runThere('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
  for (const [table, chain, ...rule] of RULES) run('iptables', ['-w', '-t', table, '-I', chain, ...rule]);
}

/** Takes away what is left on the machine. The wire goes with the node, and the routes with the wire. */
export function leaveNetwork() {
  for (const [table, chain, ...rule] of RULES) {
    while (spawnSync('iptables', ['-w', '-t', table, '-D', chain, ...rule]).status === 0);
  }
}
