import { gitServerName, parseGitUrl } from '@convox-builds/domain';
import type { ForgeKind } from '@convox-builds/forge';
import type { HookRecord } from '@convox-builds/store';

const KNOWN_FORGES: Readonly<Record<string, ForgeKind>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'bitbucket.org': 'bitbucket',
};

/**
 * Names the repository of an address as its forge does, in lower case: `https` and `ssh` lead to the same one.
 *
 * @throws {SyntaxError} when it is no address
 */
export function repositoryOf(url: string): Pick<HookRecord, 'host' | 'repository'> {
  const { source } = parseGitUrl(url);
  const path = source.remote.replace(/^[a-z]+:\/\/[^/]*\/|^[^:]*:/, '').replace(/^\/+|\.git$/g, '');
  return { host: gitServerName(source), repository: path.toLowerCase() };
}

/** Who sends the webhooks of a host, where everybody knows it. */
export function findForgeOf(host: string): ForgeKind | undefined {
  return KNOWN_FORGES[host];
}
