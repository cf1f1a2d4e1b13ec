import { checkBuilds } from '../checks/check-builds.js';
import { kubectl } from '../cluster/run.js';
import { startBuild } from '../rack/start-build.js';
import type { Scenario } from './scenario.js';

export const lostWorker: Scenario = {
  title: 'a build whose worker is killed is built by the next one',
  run: async (rack) => {
    const running = await startBuild(rack, 20);
    const pod = `${rack.release}-worker-0`;
    await kubectl('delete', 'pod', pod, '--namespace', rack.namespace, '--grace-period=0', '--force');
    return checkBuilds(rack, [running]);
  },
};
