import { join } from 'node:path';

import { kubectlSucceeds } from './kubectl.mjs';
import { NODE_ADDRESS, PODS, SERVICES } from './networks.mjs';
import { startOnNode } from './node.mjs';
import { CERTIFICATE, KEY, KUBECONFIG, program, RUN } from './places.mjs';
import { waitFor } from './wait-for.mjs';

const ETCD = 'http://127.0.0.1:2379';
const ETCD_PEER = 'http://127.0.0.1:2380';

const flags = (values) => Object.entries(values).map(([name, value]) => `--${name}=${value}`);
const start = (name, values) => startOnNode(name, program('kube'), [name, ...flags(values)]);

function startEtcd() {
  start('etcd', {
    'data-dir': join(RUN, 'etcd'),
    'listen-client-urls': ETCD,
    'advertise-client-urls': ETCD,
    'listen-peer-urls': ETCD_PEER,
    'initial-advertise-peer-urls': ETCD_PEER,
    'initial-cluster': `default=${ETCD_PEER}`,
    'unsafe-no-fsync': true,
  });
}

function startApi() {
  start('kube-apiserver', {
    'etcd-servers': ETCD,
    'advertise-address': NODE_ADDRESS,
    'allow-privileged': true,
    'authorization-mode': 'RBAC',
    'service-cluster-ip-range': SERVICES,
    'client-ca-file': CERTIFICATE,
    'tls-cert-file': CERTIFICATE,
    'tls-private-key-file': KEY,
    'kubelet-client-certificate': CERTIFICATE,
    'kubelet-client-key': KEY,
    'kubelet-preferred-address-types': 'InternalIP',
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': CERTIFICATE,
    'service-account-signing-key-file': KEY,
  });
}

function startControllers() {
  const access = { kubeconfig: KUBECONFIG, 'leader-elect': false };
  start('kube-controller-manager', {
    ...access,
    'root-ca-file': CERTIFICATE,
    'service-account-private-key-file': KEY,
    'use-service-account-credentials': true,
    'cluster-cidr': PODS,
    // Volumes are folders of the node.
    'enable-hostpath-provisioner': true,
  });
  start('kube-scheduler', access);
}

/** Starts what decides, on the node. */
export async function startControlPlane() {
  startEtcd();
  startApi();
  await waitFor('the api of the cluster', () => kubectlSucceeds('get', '--raw', '/readyz'));
  startControllers();
}
