import { join } from 'node:path';

import { kubectl } from './kubectl.mjs';

const FILE = join(import.meta.dirname, 'add-ons.yml');

/** Brings volumes and names to the cluster. */
export function installAddOns() {
  kubectl(['apply', '-f', FILE]);
  kubectl(['rollout', 'status', '--namespace=kube-system', 'deployment/coredns', '--timeout=2m']);
}
