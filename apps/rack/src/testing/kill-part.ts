import { listProcesses } from '@convox-builds/testing';

const PARTS = { api: 'api/dist/main.js', worker: 'worker/dist/main.js', buildkitd: 'buildkitd --config' };

/** Kills one part of a rack, as the kernel would for want of memory. */
export function killPart(folder: string, part: keyof typeof PARTS): void {
  const found = listProcesses(folder).filter(({ commandLine }) => commandLine.includes(PARTS[part]));
  if (found.length === 0) throw new Error(`Cannot kill ${part}: it does not run`);
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
}
