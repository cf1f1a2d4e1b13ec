import { findNodeAddress } from '../cluster/find-node-address.js';
import { list } from '../cluster/objects.js';
import { openOutside } from '../cluster/open-outside.js';
import { kubectl } from '../cluster/run.js';
import type { Rack } from '../rack/rack.js';
import { buildCommand } from '../rack/start-build.js';
import type { Scenario } from './scenario.js';

/** Everything that listens in the cluster, by address and port. */
async function findTargets({ namespace }: Rack): Promise<string[]> {
  const services = [...(await list('services', namespace)), ...(await list('services', 'default'))];
  const cluster = services.flatMap(({ spec }) => spec.ports.map(({ port }) => `${spec.clusterIP} ${port}`));
  const pods = ['get', 'pods', '--namespace', namespace, '--output'];
  const format = 'jsonpath={range .items[*]}{.status.podIP} {.spec.containers[0].ports[0].containerPort}{"\\n"}{end}';
  const ownAddresses = (await kubectl(...pods, format)).trim().split('\n');
  const node = await findNodeAddress();
  const all = [...cluster, ...ownAddresses, `${node} 10250`, `${node} 6443`];
  return all.filter((target) => /^[\d.]+ \d+$/.test(target));
}

export const fence: Scenario = {
  title:
    'a build reaches the internet, and no service of the rack or of the cluster, no node, and no metadata of a cloud',
  run: async (rack) => {
    const outside = await openOutside();
    const targets = [...(await findTargets(rack)), outside.metadata, outside.internet];
    const tries = targets.map((target) => `nc -w 1 ${target} </dev/null 2>/dev/null && echo "reached ${target}"`);
    const { ended } = await buildCommand(rack, `${tries.join('; ')}; echo "tried ${targets.length}"`);
    const { code, stdout, stderr } = await ended;
    outside.close();
    if (code !== 0 || !stdout.includes(`| tried ${targets.length}\n`)) return [`it did not try: ${stdout}${stderr}`];
    const reached = [...stdout.matchAll(/\| reached (.*)$/gm)].map(([, target]) => target);
    return [
      ...(reached.includes(outside.internet) ? [] : ['a build does not reach the internet']),
      ...reached.filter((target) => target !== outside.internet).map((target) => `a build reaches ${target}`),
    ];
  },
};
