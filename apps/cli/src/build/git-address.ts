import { formatGitUrl, parseGitUrl } from '@convox-builds/domain';

import type { RackClient } from '../http/rack-client.js';

const LOOKS_LIKE_ONE = /^[a-z][a-z0-9+.-]*:\/\/|^[^/\s]+@[^/\s]+:/i;

/** Where a git repository is. */
export interface GitAddress {
  readonly url: string;
  /** Without what may be a secret in it. */
  readonly shown: string;
}

/**
 * Reads the address of a git repository; `undefined` when what is given is no address, and so a folder.
 *
 * @throws {SyntaxError} when it is an address that no rack would take
 */
export function findGitAddress(given: string): GitAddress | undefined {
  if (!LOOKS_LIKE_ONE.test(given)) return undefined;
  return { url: given, shown: formatGitUrl(parseGitUrl(given).source) };
}

/** Any name will do for the tokens of most forges; GitHub's documents give this one. */
const ANY_USER = 'x-access-token';

/**
 * Puts a token into an address, before its host; a user that stands there stays.
 *
 * @throws {Error} when it is none of http, or has a password already
 */
export function withToken({ url, shown }: GitAddress, token: string): GitAddress {
  const [, start, user = '', rest = ''] = /^(https?:\/\/)(?:([^@/:#]*)@)?([^@/#]*(?:[/#].*)?)$/i.exec(url) ?? [];
  if (start === undefined) {
    throw new Error(`cannot build "${shown}": --git-token-stdin is for https addresses without a password`);
  }
  return { url: `${start}${user || ANY_USER}:${encodeURIComponent(token)}@${rest}`, shown };
}

/**
 * Other racks take an address for something else, or fail the build that they have made of it.
 *
 * @throws {Error} when the rack is none of ours
 */
export async function assertBuildsFromGit(rack: RackClient, shown: string): Promise<void> {
  if ((await rack.getSystem()).isOurs) return;
  throw new Error(`cannot build "${shown}": this rack builds no git repositories, give it a folder`);
}
