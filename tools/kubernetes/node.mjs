import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, readlinkSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../set-up/run.mjs';
import { removeKubepods } from './kubepods.mjs';
import { joinNetwork, leaveNetwork } from './node-network.mjs';
import { program, RUN } from './places.mjs';
import { waitFor } from './wait-for.mjs';

const PID_FILE = join(RUN, 'node.pid');
/** Where the node's programs write whatever they are told. */
const OWN_FOLDERS = [
  '/run/containerd',
  '/tmp/hostpath_pv',
  '/var/lib/cni',
  '/var/lib/kubelet',
  '/var/log/containers',
  '/var/log/pods',
];

function isHolder(pid) {
  try {
    // Built anew since it was started, it is told as deleted.
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '') === program('pause');
  } catch {
    return false;
  }
}

/** The process that holds the node's namespaces; none after a restart of the machine, whatever has its number now. */
function findHolder() {
  try {
    const pid = readFileSync(PID_FILE, 'utf8');
    return isHolder(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

const enter = (command, args) => ['--target', findHolder(), '--net', '--mount', '--pid', '--', command, ...args];

/** Runs a command on the node to its end. */
export const runOnNode = (command, args, options) => run('nsenter', enter(command, args), options);

/** Starts a program on the node that stays there until the node is stopped. */
export function startOnNode(name, command, args) {
  const log = openSync(join(RUN, 'logs', `${name}.log`), 'a');
  spawn('nsenter', enter(command, args), { detached: true, stdio: ['ignore', log, log] }).unref();
}

/**
 * Starts the node: processes, mounts and network of its own, and folders of its own where its programs insist on
 * theirs. Whatever happens in them is gone with the one process that holds them.
 */
export async function startNode() {
  mkdirSync(join(RUN, 'logs'), { recursive: true });
  const flags = ['--net', '--mount', '--pid', '--mount-proc', '--kill-child'];
  const unshare = spawn('unshare', [...flags, program('pause')], { detached: true, stdio: 'ignore' });
  unshare.unref();
  const children = `/proc/${unshare.pid}/task/${unshare.pid}/children`;
  const pid = await waitFor('the node', () => [readFileSync(children, 'utf8').trim()].find(isHolder));
  writeFileSync(PID_FILE, pid);
  // Pods may pass mounts on to each other, and only so far.
  runOnNode('mount', ['--make-rshared', '/']);
  for (const folder of OWN_FOLDERS) {
    const own = join(RUN, 'own', folder);
    for (const path of [own, folder]) mkdirSync(path, { recursive: true });
    runOnNode('mount', ['--bind', own, folder]);
  }
  joinNetwork(pid, runOnNode);
}

/** Ends the node and everything that ran on it. */
export async function stopNode() {
  const pid = findHolder();
  if (pid !== undefined) {
    process.kill(Number(pid), 'SIGKILL');
    await waitFor('the end of the node', () => !isHolder(pid));
  }
  await removeKubepods();
  leaveNetwork();
  for (const folder of OWN_FOLDERS) {
    try {
      rmdirSync(folder);
    } catch {
      // It is not there, or it is another's.
    }
  }
  rmSync(RUN, { recursive: true, force: true });
}
