import { checkBuilds } from '../checks/check-builds.js';
import { list } from '../cluster/objects.js';
import { kubectl } from '../cluster/run.js';
import { startBuild } from '../rack/start-build.js';
import type { Scenario } from './scenario.js';

export const lostApi: Scenario = {
  title: 'who follows a build does not notice that the api is killed',
  run: async (rack) => {
    const running = await startBuild(rack, 20);
    const pods = await list('pods', rack.namespace);
    const apis = pods.filter(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === 'api');
    const names = apis.map(({ metadata }) => metadata.name);
    await kubectl('delete', 'pod', ...names, '--namespace', rack.namespace, '--grace-period=0', '--force');
    return checkBuilds(rack, [running]);
  },
};
