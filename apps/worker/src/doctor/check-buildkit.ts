import { getInfo, listWorkers } from '@convox-builds/buildkit-client';
import { type Check, ok, warning } from '@convox-builds/doctor';

import type { BuildkitdSupervisor } from '../buildkitd/supervise-buildkitd.js';

/** moby/buildkit `worker/label/label.go`. */
const SNAPSHOTTER = 'org.mobyproject.buildkit.worker.snapshotter';

/** The build daemon answers, and does not copy all layers of an image for each step. Versions that are too old do not start. */
export function checkBuildkit({ client }: Pick<BuildkitdSupervisor, 'client'>, folder: string): Check {
  return {
    name: 'buildkit',
    run: async () => {
      const connection = await client();
      const { version } = await getInfo(connection);
      const [worker] = await listWorkers(connection);
      const snapshotter = worker?.labels[SNAPSHOTTER] ?? 'unknown';
      if (snapshotter === 'native')
        return warning(
          `the snapshotter is native, which copies all files for each step: builds are slow and fill the disk; put ${folder} on a volume (ext4 or xfs), not on the container's own overlay`,
        );
      return ok(`${version}, ${snapshotter}`);
    },
  };
}
