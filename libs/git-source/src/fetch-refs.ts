import type { GitSource } from '@convox-builds/domain';

import { limitTransfer, type TransferLimits } from './limit-transfer.js';
import type { Transport } from './open-transport.js';
import { runGit } from './run-git.js';

/** From where, and into which repository. */
export interface FetchRefsOptions {
  readonly source: GitSource;
  readonly transport: Transport;
  readonly gitDir: string;
  readonly searchPath: string;
  readonly limits: TransferLimits;
  readonly signal: AbortSignal;
}

/** As git has it (`INFINITE_DEPTH` in `commit.h`): all of the history, also where there is only the end of it. */
export const ALL_OF_IT = '--depth=2147483647';
/** Every branch and every tag. */
export const ALL_REFS: readonly string[] = ['+refs/heads/*:refs/all/heads/*', '+refs/tags/*:refs/all/tags/*'];

const FLAGS = [
  ...['--quiet', '--force', '--no-tags', '--no-recurse-submodules', '--no-auto-gc', '--no-show-forced-updates'],
];

/** Fetches refs within the limits of a transfer. Throws {@link GitProcessError} and {@link GitError}. */
export async function fetchRefs(
  { source, transport, gitDir, searchPath, limits, ...options }: FetchRefsOptions,
  flags: readonly string[],
  refspecs: readonly string[],
): Promise<void> {
  const limit = limitTransfer(gitDir, limits);
  const signal = AbortSignal.any([options.signal, limit.signal]);
  const args = ['fetch', ...FLAGS, ...flags, '--', source.remote, ...refspecs];
  try {
    await runGit({ ...transport.call, args, gitDir, searchPath, signal });
  } finally {
    limit.stop();
  }
}
