import { createTemporaryFolder, findTool, searchPath } from '@convox-builds/testing';

import { type BuildkitClient, createBuildkitClient } from '../control/buildkit-client.js';
import { type BuildkitdConfig, renderBuildkitdConfig } from '../daemon/buildkitd-config.js';
import { type Buildkitd, startBuildkitd } from '../daemon/start-buildkitd.js';

/** A real buildkitd of a test's own, with a client. */
export interface TestBuildkitd {
  readonly buildkitd: Buildkitd;
  readonly client: BuildkitClient;
  readonly stop: () => Promise<void>;
}

/** Starts the real buildkitd with an empty cache. Its RUN steps are on the network of the machine. */
export async function startTestBuildkitd(config: Partial<BuildkitdConfig> = {}): Promise<TestBuildkitd> {
  const folder = await createTemporaryFolder();
  const buildkitd = await startBuildkitd({
    binary: findTool('buildkitd'),
    stateFolder: folder.path,
    searchPath: searchPath(),
    configToml: renderBuildkitdConfig({ network: { mode: 'host' }, registries: {}, ...config }),
  });
  const client = createBuildkitClient({ address: buildkitd.address });
  return {
    buildkitd,
    client,
    stop: async () => {
      client.close();
      await buildkitd.stop({ graceMs: 5000 });
      await folder.remove();
    },
  };
}
