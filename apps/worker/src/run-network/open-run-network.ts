import type { BuildkitdNetwork } from '@convox-builds/buildkit-client';

import type { Settings } from '../settings.js';
import { createRunNetwork } from './create-run-network.js';

/** How RUN steps reach the world, in the words of buildkitd's configuration. */
export interface RunNetworkAccess {
  readonly buildkitd: BuildkitdNetwork;
  /** Name servers for RUN steps; empty for BuildKit's own choice. */
  readonly dnsNameservers: readonly string[];
  readonly close: () => Promise<void>;
}

/** Sets up the network of RUN steps as the setting `RUN_NETWORK` says. */
export async function openRunNetwork(
  { mode, openNetworks }: Settings['runNetwork'],
  stateFolder: string,
): Promise<RunNetworkAccess> {
  if (mode !== 'isolated') return { buildkitd: { mode }, dnsNameservers: [], close: async () => {} };
  const network = await createRunNetwork({ stateFolder, allow: openNetworks });
  return {
    buildkitd: { mode: 'cni', configPath: network.cniConfigPath, binaryPath: network.cniBinaryPath },
    dnsNameservers: network.dnsNameservers,
    close: () => network.remove(),
  };
}
