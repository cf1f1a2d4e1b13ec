import { NODE_NAME } from './kubelet.mjs';
import { SERVICES } from './networks.mjs';
import { startOnNode } from './node.mjs';
import { KUBECONFIG, program } from './places.mjs';

/** Starts what has the node do as network policies say, and nothing else of what it can. */
export function enforceNetworkPolicies() {
  const parts = ['--run-firewall=true', '--run-router=false', '--run-service-proxy=false', '--run-loadbalancer=false'];
  const place = ['--kubeconfig', KUBECONFIG, '--hostname-override', NODE_NAME, '--service-cluster-ip-range', SERVICES];
  startOnNode('kube-router', program('kube-router'), [...parts, ...place, '--health-port=0']);
}
