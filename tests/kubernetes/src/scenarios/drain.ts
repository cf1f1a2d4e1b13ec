import { checkBuilds } from '../checks/check-builds.js';
import { kubectl } from '../cluster/run.js';
import { startBuild } from '../rack/start-build.js';
import type { Scenario } from './scenario.js';

const NODE = 'node';

export const drain: Scenario = {
  title: 'draining the node in mid-build loses nothing and fails nothing',
  run: async (rack) => {
    const running = await startBuild(rack, 20);
    const flags = ['--ignore-daemonsets', '--delete-emptydir-data', '--timeout=5m'];
    const selector = `app.kubernetes.io/instance=${rack.release}`;
    try {
      await kubectl('drain', NODE, ...flags, '--pod-selector', selector);
    } finally {
      await kubectl('uncordon', NODE);
    }
    return checkBuilds(rack, [running]);
  },
};
