import { text } from 'node:stream/consumers';

import { type ConfinedCall, type RunningProgram, startConfined } from './start-confined.js';

/** A call of git. */
export interface GitCall extends Omit<ConfinedCall, 'command'> {
  readonly args: readonly string[];
  /** The bare repository. */
  readonly gitDir: string;
  /** Settings of git for this call; everybody can list them. */
  readonly config?: readonly (readonly [name: string, value: string])[];
}

/** Nothing of the machine's or the repository's own making may change what git does (git(1), git-config(1)). */
const CONFIG = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['credential.helper', ''],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['protocol.allow', 'never'],
  ['transfer.bundleURI', 'false'],
  ['advice.detachedHead', 'false'],
] as const;

const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_PROTOCOL_FROM_USER: '0',
  GIT_OPTIONAL_LOCKS: '0',
};

/** Starts git with nothing of this process' environment. */
export function startGit({ args, gitDir, config = [], environment = {}, ...call }: GitCall): RunningProgram {
  const settings = [...CONFIG, ...config].flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = ['git', ...settings, '--git-dir', gitDir, ...args];
  return startConfined({ ...call, command, environment: { ...ENVIRONMENT, ...environment } });
}

/**
 * Runs git and gives what it wrote to standard output.
 *
 * @throws {GitProcessError} when it ended badly; the reason of the signal when that was aborted
 */
export async function runGit(call: GitCall): Promise<string> {
  const { stdin, stdout, ended } = startGit(call);
  stdin.end();
  const [output] = await Promise.all([text(stdout), ended]);
  return output;
}
