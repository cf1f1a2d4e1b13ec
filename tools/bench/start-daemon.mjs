import { join } from 'node:path';

import { createBuildkitClient, renderBuildkitdConfig, startBuildkitd } from '@convox-builds/buildkit-client';

import { TOOLS } from '../set-up/stamp.mjs';

/** The registry of a rack on this machine, and the mirror of Docker Hub that is in it. */
const registriesOf = (host) => ({
  [host]: { isPlainHttp: true },
  'docker.io': { mirrors: [`${host}/docker.io`] },
});

/** Starts a daemon as a worker does, with its state in a folder; for images of a rack, with its registry. */
export async function startDaemon(folder, { registryHost } = {}) {
  const daemon = await startBuildkitd({
    binary: join(TOOLS, 'bin/buildkitd'),
    stateFolder: join(folder, 'buildkit'),
    configToml: renderBuildkitdConfig({
      network: { mode: 'host' },
      registries: registryHost === undefined ? {} : registriesOf(registryHost),
    }),
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
