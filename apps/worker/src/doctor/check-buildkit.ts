import { getInfo, listWorkers } from '@convox-builds/buildkit-client';
import { type Check, failed, ok, warning } from '@convox-builds/doctor';

import type { BuildkitdSupervisor } from '../buildkitd/supervise-buildkitd.js';

/** moby/buildkit `worker/label/label.go`. */
const SNAPSHOTTER = 'org.mobyproject.buildkit.worker.snapshotter';

const ANSWER_WITHIN_MS = 10_000;

/** The build daemon answers, and does not copy all layers of an image for each step. Versions that are too old do not start. */
export function checkBuildkit(buildkitd: Pick<BuildkitdSupervisor, 'client' | 'isUp'>, folder: string): Check {
  return {
    name: 'buildkit',
    run: async () => {
      if (!buildkitd.isUp()) return failed('it died and is not up again: the log of the worker says why');
      const client = await buildkitd.client(AbortSignal.timeout(ANSWER_WITHIN_MS));
      const { version } = await getInfo(client);
      const [worker] = await listWorkers(client);
      const snapshotter = worker?.labels[SNAPSHOTTER] ?? 'unknown';
      if (snapshotter === 'native')
        return warning(
          `the snapshotter is native, which copies all files for each step: builds are slow and fill the disk; put ${folder} on a volume (ext4 or xfs), not on the container's own overlay`,
        );
      return ok(`${version}, ${snapshotter}`);
    },
  };
}
