import { checkBuilds } from '../checks/check-builds.js';
import { startBuild } from '../rack/start-build.js';
import type { Scenario } from './scenario.js';

export const build: Scenario = {
  title: 'convox build from outside makes an image in the registry and a release in the table',
  run: async (rack) => checkBuilds(rack, [await startBuild(rack, 3)]),
};
