import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

import { findProgram, run } from './run.mjs';
import { giveUp } from './say.mjs';

const CNI_FOLDERS = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni'];
const hasCniPlugins = () => CNI_FOLDERS.some((folder) => existsSync(`${folder}/bridge`));
const hasPythonWithPip = () => spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0;
const hasPostgres = () => existsSync('/usr/lib/postgresql') || findProgram('initdb') !== undefined;

/** What has to be on the machine: how to see that it is, and the Debian package that brings it. */
const NEEDS = [
  { what: 'runc', package: 'runc', isThere: () => findProgram('runc') !== undefined },
  { what: 'redis-server', package: 'redis-server', isThere: () => findProgram('redis-server') !== undefined },
  { what: 'docker-registry', package: 'docker-registry', isThere: () => findProgram('docker-registry') !== undefined },
  { what: 'iptables', package: 'iptables', isThere: () => findProgram('iptables') !== undefined },
  { what: 'ip', package: 'iproute2', isThere: () => findProgram('ip') !== undefined },
  { what: 'openssl', package: 'openssl', isThere: () => findProgram('openssl') !== undefined },
  { what: 'git', package: 'git', isThere: () => findProgram('git') !== undefined },
  { what: 'ssh', package: 'openssh-client', isThere: () => findProgram('ssh-agent') !== undefined },
  { what: 'CNI plugins', package: 'containernetworking-plugins', isThere: hasCniPlugins },
  { what: 'busybox', package: 'busybox-static', isThere: () => existsSync('/bin/busybox') },
];

const TEST_NEEDS = [
  { what: 'Postgres', package: 'postgresql', isThere: hasPostgres },
  { what: 'Python with pip', package: 'python3-venv', isThere: hasPythonWithPip },
  { what: 'sshd', package: 'openssh-server', isThere: () => existsSync('/usr/sbin/sshd') },
];

/** What the cluster of the tests is built with and runs with, and what the images of the chart are made upon. */
const KUBERNETES_NEEDS = [
  { what: 'gcc', package: 'gcc', isThere: () => findProgram('gcc') !== undefined },
  { what: 'pkg-config', package: 'pkg-config', isThere: () => findProgram('pkg-config') !== undefined },
  { what: 'libseccomp', package: 'libseccomp-dev', isThere: () => existsSync('/usr/include/seccomp.h') },
  { what: 'ipset', package: 'ipset', isThere: () => findProgram('ipset') !== undefined },
  { what: 'debootstrap', package: 'debootstrap', isThere: () => findProgram('debootstrap') !== undefined },
];

const POLICY = '/usr/sbin/policy-rc.d';

/** What packages would run from the next start of the machine on. */
const UNITS = {
  'redis-server': ['redis-server.service'],
  'docker-registry': ['docker-registry.service'],
  postgresql: ['postgresql.service'],
  'openssh-server': ['ssh.service', 'ssh.socket'],
};

function aptGet(...args) {
  run('apt-get', ['-qq', ...args], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}

/**
 * Installs packages, with their services down, now and after the next start: we want the programs alone, and a service would
 * take a port, and be open to the network. What policy-rc.d says is asked before a service is started (invoke-rc.d(8)); one
 * that is there already decides as ever.
 */
function installServicesDown(packages) {
  const isOurs = !existsSync(POLICY);
  // Ctrl-C ends apt-get, and with it this; the policy may not stay behind.
  const stay = () => {};
  process.on('SIGINT', stay).on('SIGHUP', stay);
  if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    aptGet('install', '-o', 'Dpkg::Options::=--force-confdef', '-y', '--no-install-recommends', ...packages);
    const units = packages.flatMap((name) => UNITS[name] ?? []);
    if (units.length > 0 && findProgram('systemctl') !== undefined) run('systemctl', ['--quiet', 'disable', ...units]);
  } finally {
    if (isOurs) rmSync(POLICY);
    process.off('SIGINT', stay).off('SIGHUP', stay);
  }
}

/** Installs what is missing, where the machine has apt; elsewhere says what is missing. */
export function installPackages({ isForTests, isForKubernetes }) {
  const needs = [...NEEDS, ...(isForTests ? TEST_NEEDS : []), ...(isForKubernetes ? KUBERNETES_NEEDS : [])];
  const missing = needs.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return undefined;
  const names = missing.map(({ what }) => what).join(', ');
  const packages = missing.map((need) => need.package);
  if (findProgram('apt-get') === undefined)
    giveUp(`not found: ${names}. Install them (Debian's names: ${packages.join(' ')}) and run this again`);
  try {
    aptGet('update');
    installServicesDown(packages);
  } catch (error) {
    giveUp(`cannot install ${packages.join(' ')}: ${error.message}\nInstall them and run this again`);
  }
  return `installed ${packages.join(', ')}`;
}
