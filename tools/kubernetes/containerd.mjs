import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { PODS } from './networks.mjs';
import { runOnNode, startOnNode } from './node.mjs';
import { CONTAINERD, program, RUN } from './places.mjs';
import { waitFor } from './wait-for.mjs';

const CNI_PLUGINS = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni'];
const NETWORKS = join(RUN, 'cni');
/** The image that holds a pod's namespaces. */
export const PAUSE_IMAGE = 'local.test/pause:1';

const configuration = `version = 3
root = "${join(RUN, 'containerd/root')}"
state = "${join(RUN, 'containerd/state')}"

[grpc]
address = "${CONTAINERD}"

[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = "${PAUSE_IMAGE}"

[plugins.'io.containerd.cri.v1.runtime']
netns_mounts_under_state_dir = true
# Not everybody may lower it.
restrict_oom_score_adj = true

[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ${JSON.stringify(CNI_PLUGINS.filter(existsSync))}
conf_dir = "${NETWORKS}"

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
runtime_path = "${program('containerd-shim-runc-v2')}"
options = { BinaryName = "${program('runc')}" }
`;

/** Every pod has a wire to the node: what one sends to another goes through the node's rules. */
const podNetwork = {
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'ptp',
      ipMasq: true,
      ipam: {
        type: 'host-local',
        dataDir: join(RUN, 'addresses'),
        ranges: [[{ subnet: PODS }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
  ],
};

const ctr = (args, options) => runOnNode(program('ctr'), ['--address', CONTAINERD, '-n', 'k8s.io', ...args], options);

/** Starts what runs containers, on the node. */
export async function startContainerd() {
  // It would make the one of its own for itself alone, and pods with users of their own could not reach their files.
  for (const folder of [NETWORKS, join(RUN, 'containerd')]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(NETWORKS, '10-pods.conflist'), JSON.stringify(podNetwork));
  const file = join(RUN, 'containerd.toml');
  writeFileSync(file, configuration);
  startOnNode('containerd', program('containerd'), ['--config', file]);
  await waitFor('containerd', () => existsSync(CONTAINERD));
}

/** Gives an image, a tar of an OCI layout, to the node under a name. */
export const importImage = (archive, name) => ctr(['images', 'import', '--index-name', name, archive]);

/** Gives an image that the node has another name. */
export const tagImage = (image, name) => ctr(['images', 'tag', '--force', image, name]);
