import {
  type ResolveOptions as AnyResolveOptions,
  HostError,
  type Place,
  placeOfUrl,
  resolveHost as resolveAnyHost,
} from '@convox-builds/domain';

import { GitError } from './git-error.js';

/** Which addresses may be connected to. */
export type ResolveOptions = Omit<AnyResolveOptions, 'setting'>;

/** Finds the address of the server of a URL as {@link resolveHost} does. */
export function resolveUrl(url: URL, options: ResolveOptions): Promise<string> {
  return resolveHost(placeOfUrl(url), options);
}

/**
 * Finds the address at which a git server may be asked.
 *
 * @throws {GitError} `refused` when all are inward, `not-found`, `unavailable`
 */
export async function resolveHost(place: Place, options: ResolveOptions): Promise<string> {
  try {
    return await resolveAnyHost(place, { ...options, setting: 'GIT_ALLOWED_NETWORKS' });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new GitError(error.code, error.message, { cause: error });
  }
}
