import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. */
export interface ListedProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/** The processes whose command line mentions a folder: everything that a rack started there. */
export function listProcesses(folder: string): ListedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const commandLine = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ');
        const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
        return commandLine.includes(folder) || environment.includes(folder) ? [{ pid: Number(name), commandLine }] : [];
      } catch {
        // It has just ended.
        return [];
      }
    });
}

const PARTS = { api: 'api/dist/main.js', worker: 'worker/dist/main.js', buildkitd: 'buildkitd --config' };

/** Kills one part of a rack, as the kernel would for want of memory. */
export function killPart(folder: string, part: keyof typeof PARTS): void {
  const found = listProcesses(folder).filter(({ commandLine }) => commandLine.includes(PARTS[part]));
  if (found.length === 0) throw new Error(`Cannot kill ${part}: it does not run`);
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
}
