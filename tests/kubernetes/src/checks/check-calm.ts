import { list } from '../cluster/objects.js';
import type { Rack } from '../rack/rack.js';

/** Kubernetes' own parts, which got in each other's way and try again. */
const CONFLICT = /the object has been modified; please apply your changes to the latest version and try again/;

/** Warnings about anything of the rack: what `kubectl describe` would show. */
async function findWarnings({ namespace }: Rack): Promise<string[]> {
  const events = await list('events', namespace);
  const warnings = events.filter(({ type, message }) => type !== 'Normal' && !CONFLICT.test(message));
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
