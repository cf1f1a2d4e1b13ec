import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { kubectlSucceeds } from './kubectl.mjs';
import { DNS_SERVICE, NODE_ADDRESS, PODS } from './networks.mjs';
import { startOnNode } from './node.mjs';
import { CERTIFICATE, CONTAINERD, KUBECONFIG, program, RUN } from './places.mjs';
import { waitFor } from './wait-for.mjs';

/** What the cluster calls its node. */
export const NODE_NAME = 'node';
/** Where the machine asks for names; a resolver that is on the machine itself is not on the node. */
const RESOLV_CONF = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'].find(existsSync);

function writeConfiguration(name, value) {
  const file = join(RUN, `${name}.json`);
  writeFileSync(file, JSON.stringify(value));
  return file;
}

const kubeletConfiguration = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  authentication: { anonymous: { enabled: false }, x509: { clientCAFile: CERTIFICATE } },
  cgroupDriver: 'cgroupfs',
  clusterDNS: [DNS_SERVICE],
  clusterDomain: 'cluster.local',
  containerRuntimeEndpoint: `unix://${CONTAINERD}`,
  // A disk that is almost full is no matter of these tests.
  evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  imageGCHighThresholdPercent: 100,
  failCgroupV1: false,
  failSwapOn: false,
  // Not everybody may set it.
  oomScoreAdj: 0,
  podLogsDir: join(RUN, 'pod-logs'),
  resolvConf: RESOLV_CONF,
};

const proxyConfiguration = {
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  clientConnection: { kubeconfig: KUBECONFIG },
  clusterCIDR: PODS,
  hostnameOverride: NODE_NAME,
  // These are the machine's.
  conntrack: { maxPerCore: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  oomScoreAdj: 0,
};

/** Starts what runs pods and what leads to Services, on the node. */
export async function startKubelet() {
  mkdirSync(join(RUN, 'kubelet'), { recursive: true });
  const kubelet = ['--config', writeConfiguration('kubelet', kubeletConfiguration), '--kubeconfig', KUBECONFIG];
  const place = ['--root-dir', join(RUN, 'kubelet'), '--hostname-override', NODE_NAME, '--node-ip', NODE_ADDRESS];
  startOnNode('kubelet', program('kube'), ['kubelet', ...kubelet, ...place]);
  const proxy = writeConfiguration('kube-proxy', proxyConfiguration);
  startOnNode('kube-proxy', program('kube'), ['kube-proxy', '--config', proxy]);
  await waitFor('the node', () =>
    kubectlSucceeds('wait', '--for=condition=Ready', `node/${NODE_NAME}`, '--timeout=1s'),
  );
}
