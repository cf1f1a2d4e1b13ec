import { renderBuildkitdConfig } from '@convox-builds/buildkit-client';

import type { RunNetworkAccess } from '../run-network/open-run-network.js';
import type { Settings } from '../settings.js';

/** The settings that buildkitd reads at its start (moby/buildkit `docs/buildkitd.toml.md`). */
export function renderConfig({ registry }: Pick<Settings, 'registry'>, network: RunNetworkAccess): string {
  const { host, isPlainHttp, dockerHubMirror } = registry;
  return renderBuildkitdConfig({
    network: network.buildkitd,
    dnsNameservers: network.dnsNameservers,
    registries: {
      [host]: { isPlainHttp },
      ...(dockerHubMirror === '' ? {} : { 'docker.io': { mirrors: [dockerHubMirror] } }),
    },
  });
}
