// A Kubernetes of one node, of its real programs, for tests. `node tools/kubernetes/up.mjs` starts it, and afterwards
// `export KUBECONFIG=.tools/kubernetes/run/kubeconfig` has kubectl find it; `down.mjs` takes it away.

import { installAddOns } from './add-ons.mjs';
import { importImage, startContainerd } from './containerd.mjs';
import { startControlPlane } from './control-plane.mjs';
import { createIdentity } from './identity.mjs';
import { startKubelet } from './kubelet.mjs';
import { enforceNetworkPolicies } from './network-policies.mjs';
import { startNode, stopNode } from './node.mjs';
import { NODE_IMAGES, nodeImage } from './node-images.mjs';

/** Starts an empty cluster; one that is there is taken away before. */
export async function startKubernetes() {
  await stopNode();
  await startNode();
  createIdentity();
  await startContainerd();
  for (const name of NODE_IMAGES) importImage(nodeImage(name), `local.test/${name}:1`);
  await startControlPlane();
  await startKubelet();
  enforceNetworkPolicies();
  installAddOns();
}

if (process.argv[1] === import.meta.filename) await startKubernetes();
