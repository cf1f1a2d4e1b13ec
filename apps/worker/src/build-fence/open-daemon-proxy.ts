import type { DaemonProxy } from '@convox-builds/buildkit-client';
import type { Shutdown } from '@convox-builds/runtime';

import type { Settings } from '../settings.js';
import type { BuildFence } from './create-build-fence.js';
import { startFenceProxy } from './start-fence-proxy.js';

/** Starts what the daemon goes through, where there is a fence. The rack's own registry and its mirror are large and trusted. */
export async function openDaemonProxy(
  { runNetwork, registry }: Pick<Settings, 'runNetwork' | 'registry'>,
  { fence, shutdown }: { fence: BuildFence; shutdown: Shutdown },
): Promise<DaemonProxy | undefined> {
  if (runNetwork.mode === 'host') return undefined;
  const proxy = await startFenceProxy(fence.findAddress);
  shutdown.add('fence proxy', () => proxy.close());
  const [mirrorHost = ''] = registry.dockerHubMirror.split('/');
  return { url: proxy.url, except: [registry.host, mirrorHost].filter((host) => host !== '') };
}
