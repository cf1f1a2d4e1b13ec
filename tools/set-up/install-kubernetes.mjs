import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeNodeImages } from '../kubernetes/node-images.mjs';
import { BIN, buildGoModule } from './build-go-module.mjs';
import { isExecutable } from './run.mjs';
import { giveUp } from './say.mjs';
import { hashFiles, isStamped, ROOT, stamp } from './stamp.mjs';

const KUBERNETES = 'tools/kubernetes';
const CONTAINERD = 'tools/containerd';
const KUBE_ROUTER = 'tools/kube-router';
const PROGRAMS = ['kube', 'coredns', 'pause', 'containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'kube-router'];
const VERSIONS = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];

/** The programs take their version from the linker; charts are refused by one that does not know its own. */
function versionFlags() {
  const [, version, minor] = /k8s\.io\/kubernetes (v1\.(\d+)\.\d+)/.exec(
    readFileSync(join(ROOT, KUBERNETES, 'go.mod')),
  );
  const values = VERSIONS.flatMap((path) => [
    `${path}.gitVersion=${version}`,
    `${path}.gitMajor=1`,
    `${path}.gitMinor=${minor}`,
  ]);
  return values.map((value) => `-X ${value}`).join(' ');
}

function buildKubernetes() {
  return buildGoModule(KUBERNETES, {
    packages: ['./cmd/...'],
    flags: ['-ldflags', `-s -w ${versionFlags()}`],
    announcement: 'Kubernetes: building with Go, seven minutes or more the first time…',
  });
}

function buildContainerd() {
  const announcement = 'containerd: building with Go, about two minutes the first time…';
  const containerd = ['containerd', 'containerd-shim-runc-v2', 'ctr'];
  const packages = containerd.map((name) => `github.com/containerd/containerd/v2/cmd/${name}`);
  const flags = ['-ldflags', '-s -w', '-tags', 'no_btrfs,no_devmapper,no_zfs'];
  return buildGoModule(CONTAINERD, { packages, flags, announcement });
}

/** Debian's is too old for user namespaces of pods. */
function buildRunc() {
  const announcement = 'runc: building with Go…';
  const flags = ['-ldflags', '-s -w', '-tags', 'seccomp'];
  const packages = ['github.com/opencontainers/runc'];
  return buildGoModule(CONTAINERD, { packages, flags, isLinkedWithC: true, announcement });
}

/** What enforces network policies. */
function buildKubeRouter() {
  const packages = ['github.com/cloudnativelabs/kube-router/v2/cmd/kube-router'];
  return buildGoModule(KUBE_ROUTER, {
    packages,
    flags: ['-ldflags', '-s -w'],
    announcement: 'kube-router: building with Go…',
  });
}

/** Brings what a Kubernetes of one node consists of. */
export async function installKubernetes() {
  const pinned = hashFiles(...[KUBERNETES, CONTAINERD, KUBE_ROUTER].map((folder) => `${folder}/go.sum`));
  if (isStamped('kubernetes', pinned) && PROGRAMS.every((name) => isExecutable(join(BIN, name)))) return undefined;
  mkdirSync(BIN, { recursive: true });
  const isBuilt = [buildKubernetes, buildContainerd, buildRunc, buildKubeRouter].every((build) => build());
  if (!isBuilt) giveUp('no Kubernetes, which these tests need: install Go 1.26');
  await makeNodeImages();
  stamp('kubernetes', pinned);
  return 'built with Go';
}
