import { readFileSync } from 'node:fs';

/** Sends a signal to a process and to all that it has started: a server such as Postgres answers with many processes. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  process.kill(pid, signal);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  for (const child of children) signalTree(Number(child), signal);
}
