import { type GitSource, parseGitUrl } from '@convox-builds/domain';

import { GitError } from './git-error.js';
import { type GitCall, runGit } from './run-git.js';
import { GitProcessError } from './start-confined.js';

/** Takes a relative address (`../other.git`, gitmodules(5)) from where the repository itself is. */
function resolveUrl(url: string, remote: string): string {
  if (!/^\.\.?\//.test(url)) return url;
  const [, start = '', path = ''] = /^([a-z]+:\/\/[^/]+\/|[^:]+:)(.*)$/.exec(remote) ?? [];
  const parts = path.replace(/\/+$/, '').split('/');
  for (const part of url.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return start + parts.join('/');
}

/** Reads `.gitmodules` of a commit: addresses by path. What else it says is not obeyed. */
async function readAddresses(commit: string, call: Omit<GitCall, 'args'>): Promise<ReadonlyMap<string, string>> {
  const pattern = '^submodule\\..*\\.(path|url)$';
  const args = ['config', '--blob', `${commit}:.gitmodules`, '--null', '--get-regexp', pattern];
  const output = await runGit({ ...call, args }).catch((error: unknown) => {
    if (error instanceof GitProcessError) return '';
    throw error;
  });
  const entries = output.split('\0').map((entry) => {
    const [, name = '', key = '', value = ''] = /^submodule\.(.*)\.(path|url)\n(.*)$/s.exec(entry) ?? [];
    return { name, key, value };
  });
  const urls = new Map(entries.filter(({ key }) => key === 'url').map(({ name, value }) => [name, value]));
  const paths = entries.filter(({ key }) => key === 'path');
  return new Map(paths.map(({ name, value }) => [value, urls.get(name) ?? '']));
}

/**
 * Finds where the submodules of a commit are.
 *
 * @param paths from the root of the repository
 * @throws {GitError} `refused` when one has no address, or one that we would not take from a person either
 */
export async function readSubmodules(
  { source, commit, paths }: { source: GitSource; commit: string; paths: readonly string[] },
  call: Omit<GitCall, 'args'>,
): Promise<ReadonlyMap<string, GitSource>> {
  if (paths.length === 0) return new Map();
  const addresses = await readAddresses(commit, call);
  return new Map(
    paths.map((path) => {
      const url = addresses.get(path) ?? '';
      try {
        // The tree names the commit; a fragment would be no part of the address.
        if (url.includes('#')) throw new SyntaxError(`Cannot read git URL "${url}": unexpected #`);
        return [path, parseGitUrl(resolveUrl(url, source.remote)).source];
      } catch (error) {
        const why = error instanceof SyntaxError ? error.message : '';
        throw new GitError('refused', `submodule "${path}": ${why}`, { cause: error });
      }
    }),
  );
}
