import { readFileSync } from 'node:fs';

const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** Sends a signal to a process and to all that it has started: a server such as Postgres answers with many processes. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  process.kill(pid, signal);
  const reached = new Set<number>();
  // The list may miss one while another ends (proc_pid_task(5)).
  for (let left = childrenOf(pid); left.length > 0; left = childrenOf(pid).filter((child) => !reached.has(child))) {
    for (const child of left) {
      reached.add(child);
      signalTree(child, signal);
    }
  }
}
