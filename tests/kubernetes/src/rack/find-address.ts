import { list } from '../cluster/objects.js';

/** Where a Service is reached from outside of the cluster: the machine has a route to it. */
export async function findAddress(namespace: string, name: string): Promise<string> {
  const service = (await list('services', namespace)).find(({ metadata }) => metadata.name === name);
  if (service === undefined) throw new Error(`Cannot reach Service "${name}": ${namespace} has none of that name`);
  return `${service.spec.clusterIP}:${service.spec.ports[0]?.port}`;
}
