import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. */
export interface ListedProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/** The processes whose command line or environment mentions a text, e.g. the folder in which a test starts things. */
export function listProcesses(text: string): ListedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const commandLine = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ');
        const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
        return commandLine.includes(text) || environment.includes(text) ? [{ pid: Number(name), commandLine }] : [];
      } catch {
        // It has just ended.
        return [];
      }
    });
}
