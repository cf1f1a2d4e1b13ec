import { join } from 'node:path';

import { createBuildkitClient, renderBuildkitdConfig, startBuildkitd } from '@convox-builds/buildkit-client';

import { TOOLS } from '../set-up/stamp.mjs';

/** Starts the daemon that both sides use, as a worker does, with its state in a folder. */
export async function startDaemon(folder) {
  const daemon = await startBuildkitd({
    binary: join(TOOLS, 'bin/buildkitd'),
    stateFolder: join(folder, 'buildkit'),
    configToml: renderBuildkitdConfig({ network: { mode: 'host' }, registries: {} }),
    searchPath: `${process.env.PATH}:/usr/sbin:/sbin`,
  });
  const client = createBuildkitClient({ address: daemon.address });
  return {
    address: daemon.address,
    client,
    stop: async () => {
      client.close();
      await daemon.stop({ graceMs: 5000 });
    },
  };
}
