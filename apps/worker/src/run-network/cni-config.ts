import { access, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { NetworkNames } from './run-network-rules.js';

const PLUGIN_FOLDERS = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni'];
const PLUGINS = ['bridge', 'host-local', 'loopback'];

/**
 * A CNI plugin of our own, run after `bridge`: it isolates the new port, so that RUN steps on the bridge cannot talk to
 * each other. A plugin is called with what was made so far on its standard input and answers with the same (CNI
 * specification, "Section 2: Execution Protocol").
 */
const ISOLATE_PLUGIN = `#!/bin/sh
[ "$CNI_COMMAND" = ADD ] || { [ "$CNI_COMMAND" = VERSION ] && echo '{"cniVersion":"0.4.0","supportedVersions":["0.4.0"]}'; exit 0; }
config=$(tr -d '\\n\\t')
port=$(printf '%s' "$config" | sed -n 's/.*"name": *"\\(veth[0-9a-f]*\\)".*/\\1/p')
ip link set dev "$port" type bridge_slave isolated on || exit 1
printf '%s' "$config" | sed 's/.*"prevResult": *\\({.*}\\)[^}]*}$/\\1/'
`;

async function findPlugin(name: string): Promise<string> {
  for (const folder of PLUGIN_FOLDERS) {
    const path = join(folder, name);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new Error(
    `Cannot create a network for RUN steps: CNI plugin "${name}" is not in ${PLUGIN_FOLDERS.join(', ')}; install containernetworking-plugins`,
  );
}

/** What buildkitd is told of a network. */
export interface CniFiles {
  readonly configPath: string;
  readonly binaryPath: string;
}

/** Writes the network's configuration and gathers its plugins in one folder. */
export async function writeCniFiles(stateFolder: string, { bridge, subnet }: NetworkNames): Promise<CniFiles> {
  const binaryPath = join(stateFolder, 'plugins');
  const configPath = join(stateFolder, 'cni.conflist');
  const leases = join(stateFolder, 'addresses');
  // Addresses that a killed daemon held are nobody's now.
  for (const folder of [binaryPath, leases]) await rm(folder, { recursive: true, force: true });
  await mkdir(binaryPath, { recursive: true });
  for (const name of PLUGINS) await symlink(await findPlugin(name), join(binaryPath, name));
  await writeFile(join(binaryPath, 'isolate'), ISOLATE_PLUGIN, { mode: 0o755 });
  const ipam = { type: 'host-local', ranges: [[{ subnet }]], dataDir: leases, routes: [{ dst: '0.0.0.0/0' }] };
  const plugins = [{ type: 'bridge', bridge, isGateway: true, ipMasq: false, ipam }, { type: 'isolate' }];
  await writeFile(configPath, JSON.stringify({ cniVersion: '0.4.0', name: bridge, plugins }, undefined, 2));
  return { configPath, binaryPath };
}
