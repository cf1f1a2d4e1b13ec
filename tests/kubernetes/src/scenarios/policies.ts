import { setTimeout as sleep } from 'node:timers/promises';

import { findNodeAddress } from '../cluster/find-node-address.js';
import { findReached, type PodName } from '../cluster/find-reached.js';
import { type Outside, openOutside } from '../cluster/open-outside.js';
import { kubectl } from '../cluster/run.js';
import { type Stranger, startStranger } from '../cluster/start-stranger.js';
import { upgradeRelease } from '../rack/helm-release.js';
import type { Rack } from '../rack/rack.js';
import type { Scenario } from './scenario.js';

const API = 'app.kubernetes.io/component=api';
const API_IMAGE = 'convox-builds/api:0.1.0';
/** How long the cluster may take to do what the policies say. */
const WITHIN_MS = 60_000;
const POLL_MS = 1000;

/** Where a pod may connect to, and where not. */
interface Ways {
  readonly from: PodName;
  readonly open: readonly string[];
  readonly shut: readonly string[];
}

async function findPods({ namespace, release }: Rack): Promise<Record<'api' | 'worker' | 'postgres', PodName>> {
  const api = await kubectl('get', 'pods', '--namespace', namespace, '--output=name', '--selector', API);
  return {
    api: { namespace, name: api.trim().replace(/^pod\//, '') },
    worker: { namespace, name: `${release}-worker-0` },
    postgres: { namespace, name: `${release}-postgres-0` },
  };
}

/** Names are asked of the cluster: to reach by name is to be let at its DNS, too. */
async function listWays(rack: Rack, stranger: Stranger, { internet, metadata }: Outside): Promise<Ways[]> {
  const { release, namespace } = rack;
  const pods = await findPods(rack);
  const service = (part: string, port: number) => `${release}-${part}.${namespace}.svc ${port}`;
  const bundled = [service('postgres', 5432), service('redis', 6379), service('registry', 5000)];
  const inward = [stranger.target, 'kubernetes.default.svc 443', `${await findNodeAddress()} 10250`, metadata];
  return [
    { from: pods.api, open: [...bundled, internet], shut: inward },
    { from: pods.worker, open: [...bundled, internet], shut: inward },
    { from: pods.postgres, open: [], shut: [...inward, internet] },
    { from: stranger, open: [service('api', 80), internet], shut: [...bundled, service('worker', 9090)] },
  ];
}

/** What is otherwise than it should be: with policies what is shut is shut, without them nothing is. */
async function checkWays(ways: readonly Ways[], hasPolicies: boolean): Promise<string[]> {
  const complaints = ways.map(async ({ from, open, shut }) => {
    const reached = await findReached(from, [...open, ...shut]);
    const wanted = hasPolicies ? open : [...open, ...shut];
    const others = hasPolicies ? shut : [];
    return [
      ...wanted.filter((target) => !reached.includes(target)).map((target) => `${from.name} does not reach ${target}`),
      ...others.filter((target) => reached.includes(target)).map((target) => `${from.name} reaches ${target}`),
    ];
  });
  const whether = hasPolicies ? 'with' : 'without';
  return (await Promise.all(complaints)).flat().map((complaint) => `${whether} policies ${complaint}`);
}

/** Gives the complaints that are left when the cluster has had time to do as it was told. */
async function checkWaysSoon(ways: readonly Ways[], hasPolicies: boolean): Promise<string[]> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const complaints = await checkWays(ways, hasPolicies);
    if (complaints.length === 0 || performance.now() > deadline) return complaints;
    await sleep(POLL_MS);
  }
}

export const policies: Scenario = {
  title: 'network policies let pods at what they need and at nothing else',
  run: async (rack) => {
    const stranger = await startStranger(API_IMAGE);
    const outside = await openOutside();
    try {
      const ways = await listWays(rack, stranger, outside);
      const withPolicies = await checkWays(ways, true);
      await upgradeRelease(rack, 'networkPolicy.enabled=false');
      const withoutPolicies = await checkWaysSoon(ways, false);
      await upgradeRelease(rack, 'networkPolicy.enabled=true');
      return [...withPolicies, ...withoutPolicies, ...(await checkWaysSoon(ways, true))];
    } finally {
      outside.close();
      await stranger.remove();
    }
  },
};
