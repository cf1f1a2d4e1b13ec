import { kubectl } from './run.js';

const NAMESPACE = 'strangers';
const PORT = 8080;
const LISTEN = `require('net').createServer(() => {}).listen(${PORT})`;

/** A pod that is none of the rack's. */
export interface Stranger {
  readonly namespace: string;
  readonly name: string;
  /** Address and port where it listens. */
  readonly target: string;
  readonly remove: () => Promise<void>;
}

/** Starts a pod of somebody else, in another namespace, which listens. */
export async function startStranger(image: string): Promise<Stranger> {
  const name = 'stranger';
  await kubectl('create', 'namespace', NAMESPACE);
  const place = ['--namespace', NAMESPACE];
  await kubectl('run', name, ...place, '--image', image, '--command', '--', 'node', '-e', LISTEN);
  await kubectl('wait', '--for=condition=Ready', `pod/${name}`, ...place, '--timeout=2m');
  const address = await kubectl('get', 'pod', name, ...place, '--output', 'jsonpath={.status.podIP}');
  return {
    namespace: NAMESPACE,
    name,
    target: `${address} ${PORT}`,
    remove: async () => void (await kubectl('delete', 'namespace', NAMESPACE)),
  };
}
