import { kubectl } from '../cluster/run.js';
import { uninstallRelease } from '../rack/helm-release.js';
import type { Rack } from '../rack/rack.js';
import type { Scenario } from './scenario.js';

/** What every namespace has, and what tells of the past. */
const NOT_OURS = /^(?:configmap\/kube-root-ca\.crt|serviceaccount\/default|event.*)$/;

/** Everything that there is in the rack's namespace, of whatever kind. */
async function listAll({ namespace }: Rack): Promise<string[]> {
  const kinds = (await kubectl('api-resources', '--namespaced', '--verbs=list', '--output=name')).trim().split('\n');
  const names = await kubectl('get', kinds.join(), '--namespace', namespace, '--output=name', '--ignore-not-found');
  return names.split('\n').filter((name) => name !== '' && !NOT_OURS.test(name));
}

async function removeKept({ namespace, release }: Rack): Promise<void> {
  const selector = `app.kubernetes.io/instance=${release}`;
  await kubectl('delete', 'persistentvolumeclaims,secrets', '--namespace', namespace, '--selector', selector);
}

/**
 * @param given what was in the namespace before the rack
 * @param kept what outlives the rack
 */
export const uninstall = (given: readonly string[], kept: readonly string[]): Scenario => ({
  title: 'an uninstall leaves what is said to be kept, and after that is deleted nothing',
  run: async (rack) => {
    await uninstallRelease(rack);
    const left = (await listAll(rack)).filter((name) => !given.includes(name));
    await removeKept(rack);
    const remains = (await listAll(rack)).filter((name) => !given.includes(name));
    return [
      ...left.filter((name) => !kept.includes(name)).map((name) => `${name} was not taken away`),
      ...kept.filter((name) => !left.includes(name)).map((name) => `${name} was not kept`),
      ...remains.map((name) => `${name} cannot be taken away as the document says`),
    ];
  },
});
