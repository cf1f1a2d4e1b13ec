import { list } from '../cluster/objects.js';
import { helm, kubectl } from '../cluster/run.js';
import type { Rack } from '../rack/rack.js';

/** Shorter values are words that may stand anywhere. */
const MIN_SECRET_LENGTH = 16;
const KINDS = 'pods,deployments,statefulsets,jobs,configmaps,services,events,persistentvolumeclaims,networkpolicies';

/** Every value that stands in a Secret of the rack, as it is and as it is written there. Helm keeps its records in others. */
async function readSecrets({ namespace }: Rack): Promise<string[]> {
  return (await list('secrets', namespace))
    .filter(({ type }) => type === 'Opaque')
    .flatMap(({ data }) => Object.values(data))
    .flatMap((value) => [value, Buffer.from(value, 'base64').toString()])
    .filter((value) => value.length >= MIN_SECRET_LENGTH);
}

/** Everything that may be read by who may not read Secrets. */
async function readPlaces({ namespace, release }: Rack): Promise<[string, string][]> {
  const pods = await list('pods', namespace);
  const logs = pods.map(async ({ metadata: { name } }): Promise<[string, string]> => {
    return [`the log of ${name}`, await kubectl('logs', name, '--namespace', namespace, '--all-containers')];
  });
  return [
    ['an object', await kubectl('get', KINDS, '--namespace', namespace, '--output', 'yaml')],
    ['the notes', await helm('get', 'notes', release, '--namespace', namespace)],
    ...(await Promise.all(logs)),
  ];
}

/** Secrets that can be read elsewhere than in a Secret. */
export async function checkSecrets(rack: Rack): Promise<string[]> {
  const secrets = await readSecrets(rack);
  if (secrets.length === 0) return ['there are no Secrets to look for'];
  const places = await readPlaces(rack);
  return places
    .filter(([, text]) => secrets.some((secret) => text.includes(secret)))
    .map(([place]) => `${place} has a secret`);
}
