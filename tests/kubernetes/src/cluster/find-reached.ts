import { kubectl } from './run.js';

const WITHIN_SECONDS = 2;

/** A pod that runs, and its namespace. */
export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** Finds which of some places, each a host and a port, a pod can open a connection to. */
export async function findReached({ namespace, name }: PodName, targets: readonly string[]): Promise<string[]> {
  const tries = targets.map((target) => {
    const connect = `: </dev/tcp/${target.replace(' ', '/')}`;
    return `timeout ${WITHIN_SECONDS} bash -c '${connect}' 2>/dev/null && echo '${target}'`;
  });
  const script = `${tries.join('; ')}; true`;
  const reached = await kubectl('exec', name, '--namespace', namespace, '--', 'bash', '-c', script);
  return reached.split('\n').filter((line) => line !== '');
}
