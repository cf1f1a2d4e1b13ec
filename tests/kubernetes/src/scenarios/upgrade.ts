import { checkBuilds } from '../checks/check-builds.js';
import { upgradeRelease } from '../rack/helm-release.js';
import { startBuild } from '../rack/start-build.js';
import type { Scenario } from './scenario.js';

export const upgrade: Scenario = {
  title: 'an upgrade in mid-build loses nothing and fails nothing',
  run: async (rack) => {
    const running = await Promise.all([startBuild(rack, 30), startBuild(rack, 30)]);
    await upgradeRelease(rack, 'image.tag=next');
    return checkBuilds(rack, [...running, await startBuild(rack, 3)]);
  },
};
