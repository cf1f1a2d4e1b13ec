import { spawn } from 'node:child_process';

import { ROOT } from '../cluster/run.js';
import type { Rack } from './rack.js';

/** A convox command that runs. */
export interface RunningCommand {
  /** What it has printed so far. */
  readonly output: () => string;
  readonly ended: Promise<CommandEnd>;
}

/** How a convox command ended. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a convox command on a rack. */
export function startConvox({ url }: Rack, args: readonly string[]): RunningCommand {
  const env = { RACK_URL: url, PATH: '' };
  const child = spawn(process.execPath, [`${ROOT}apps/cli/bin/convox.js`, ...args], { env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<CommandEnd>((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
  return { output: () => stdout, ended };
}

/**
 * Runs a convox command to its end and gives what it prints.
 *
 * @throws {Error} with what it says, when it fails
 */
export async function convox(rack: Rack, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await startConvox(rack, args).ended;
  if (code !== 0) throw new Error(`convox ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
}
