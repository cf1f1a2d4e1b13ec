import { checkBuilds } from '../checks/check-builds.js';
import { upgradeRelease } from '../rack/helm-release.js';
import { startBuild } from '../rack/start-build.js';
import type { Scenario } from './scenario.js';

export const scale: Scenario = {
  title: 'going to three workers and back in mid-build loses nothing and fails nothing',
  run: async (rack) => {
    // The node of these tests is too small for three of the usual size.
    await upgradeRelease(
      rack,
      'worker.replicas=3',
      'worker.resources.requests.cpu=100m',
      'worker.resources.requests.memory=256Mi',
    );
    const running = await Promise.all(Array.from({ length: 6 }, () => startBuild(rack, 20)));
    await upgradeRelease(rack, 'worker.replicas=1');
    return checkBuilds(rack, running);
  },
};
