import { rmSync } from 'node:fs';

import { buildWithBuildctl } from './buildctl.mjs';
import { startDaemon } from './start-daemon.mjs';

/**
 * Builds as Convox does (`provider/k8s/build.go` of convox/convox): a fresh daemon for each build, the services one after
 * the other, each with a cache in the registry that is read before and written after it, with all layers.
 */
export async function buildWithRecipe({ folder, rack, services, environment, image }) {
  const daemon = await startDaemon(folder, { registryHost: rack.registryHost });
  try {
    for (const { name, context } of services) {
      const cache = `type=registry,ref=${image}:${name}.buildcache`;
      await buildWithBuildctl({
        address: daemon.address,
        context,
        environment,
        output: `type=image,name=${image}:${name},push=true`,
        importCache: cache,
        exportCache: `${cache},mode=max,image-manifest=true,oci-mediatypes=true`,
      });
    }
  } finally {
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
