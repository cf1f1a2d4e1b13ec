import type { GitSource } from '@convox-builds/domain';

import { GitError } from './git-error.js';
import type { Transport } from './open-transport.js';
import { startGit } from './run-git.js';

/** More than the largest repositories of the forges show. */
const MAX_REFS = 100_000;
const MAX_NAME_LENGTH = 1024;

/** A branch or a tag of a repository elsewhere. */
export interface RemoteRef {
  /** `refs/heads/main`, `refs/tags/v1`. */
  readonly name: string;
  /** Full id of the commit; a tag with a text of its own is followed to it. */
  readonly id: string;
}

/** Whom to ask, and how. */
interface ListRefsOptions {
  readonly source: GitSource;
  readonly transport: Transport;
  readonly searchPath: string;
  readonly signal: AbortSignal;
}

/** `<id>\t<name>`; where a tag leads stands behind it, as `<name>^{}` (git-ls-remote(1)). */
const LINE = /^([0-9a-f]{40})\t(refs\/(?:heads|tags)\/[^\s^]+)(?:\^\{\})?$/;

function takeUp(refs: Map<string, string>, line: string): void {
  const [, id, name = ''] = LINE.exec(line) ?? [];
  if (id !== undefined && name.length <= MAX_NAME_LENGTH) refs.set(name, id);
}

/**
 * Lists the branches and tags of a repository, without fetching anything.
 *
 * @throws {GitProcessError}
 * @throws {GitError} `too-large` when there are more than anybody needs
 */
export async function listRefs(options: ListRefsOptions): Promise<RemoteRef[]> {
  const { source, transport, searchPath, signal } = options;
  const args = ['ls-remote', '--quiet', '--heads', '--tags', '--', source.remote];
  const git = startGit({ ...transport.call, args, gitDir: '/nonexistent', searchPath, signal });
  git.stdin.end();
  const refs = new Map<string, string>();
  let rest = '';
  try {
    for await (const piece of git.stdout.setEncoding('utf8')) {
      const lines = (rest + String(piece)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) takeUp(refs, line);
      if (refs.size > MAX_REFS || rest.length > 2 * MAX_NAME_LENGTH) {
        throw new GitError('too-large', `the repository has more than ${MAX_REFS} branches and tags`);
      }
    }
    await git.ended;
  } finally {
    git.kill();
  }
  return [...refs].map(([name, id]) => ({ name, id }));
}
