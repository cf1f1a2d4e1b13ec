import { list } from '../cluster/objects.js';
import type { Rack } from '../rack/rack.js';

/** Kubernetes' own parts, which got in each other's way and try again. */
const CONFLICT = /the object has been modified; please apply your changes to the latest version and try again/;

/** Kubelet asks a container that has just ended once more, when it does not know yet. */
const UNANSWERED = /^Readiness probe failed: Get "[^"]+": (?:dial tcp|read tcp|EOF)/;

/** Warnings about anything of the rack: what `kubectl describe` would show. */
async function findWarnings({ namespace }: Rack): Promise<string[]> {
  const events = await list('events', namespace);
  const pods = new Set((await list('pods', namespace)).map(({ metadata }) => metadata.uid));
  const isOfThePast = (message: string, uid = '') => UNANSWERED.test(message) && !pods.has(uid);
  const warnings = events.filter(
    ({ type, message, involvedObject: { uid } }) =>
      type !== 'Normal' && !CONFLICT.test(message) && !isOfThePast(message, uid),
  );
  return warnings.map(({ involvedObject, reason, message }) => `${involvedObject.name}: ${reason}: ${message}`);
}

/** Containers that ended by themselves. */
async function findRestarts({ namespace }: Rack): Promise<string[]> {
  return (await list('pods', namespace)).flatMap(({ metadata, status }) =>
    [...status.initContainerStatuses, ...status.containerStatuses]
      .filter(({ restartCount }) => restartCount > 0)
      .map(({ name, restartCount }) => `${metadata.name}: ${name} was started ${restartCount} times again`),
  );
}

/** What a platform team would ask about. */
export async function checkCalm(rack: Rack): Promise<string[]> {
  return [...(await findWarnings(rack)), ...(await findRestarts(rack))];
}
