import { isGitRef } from '@convox-builds/domain';

import type { ForgeCommit, ForgeRepository, IgnoredEvent, PushEvent } from './forge-event.js';
import type { PushedCommit } from './webhook-schemas.js';

/** What a webhook tells of a push. */
export interface ToldPush {
  readonly repository: ForgeRepository;
  /** In full: `refs/…`. */
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  /** The commit that the ref leads to; `after` may be an annotated tag. */
  readonly headId: string;
  /** Where the head's message and author are looked for. */
  readonly commits: readonly PushedCommit[];
  /** Whether `commits` are all, and tell all of their files. */
  readonly isComplete: boolean;
  readonly sender: string;
}

const REF = /^refs\/(heads|tags)\/(.+)$/;

/** Git writes an id of zeros for what is not there. */
const isNothing = (id: string) => /^0+$/.test(id);

const filesOf = ({ added, removed, modified }: PushedCommit) => [...added, ...removed, ...modified];

/** A commit as events have it. */
export const commitFrom = ({ id, message, author }: PushedCommit): ForgeCommit => ({
  id,
  message,
  author: author?.name ?? '',
});

function findHead({ after, headId, commits }: ToldPush): ForgeCommit | undefined {
  if (isNothing(after)) return undefined;
  const told = commits.find(({ id }) => id === headId);
  return told === undefined ? { id: headId, message: '', author: '' } : commitFrom(told);
}

/**
 * Makes a push of what GitHub, GitLab or Gitea told. Which files a new ref has changed is not known, for nobody says next to what
 * its commits are new.
 */
export function createPush(told: ToldPush): PushEvent | IgnoredEvent {
  const [, type, name = ''] = REF.exec(told.ref) ?? [];
  if (type === undefined) return { kind: 'ignored', reason: 'what was pushed is no branch and no tag' };
  if (!isGitRef(name)) return { kind: 'ignored', reason: 'the name of the ref is one that is not built' };
  const before = isNothing(told.before) ? undefined : told.before;
  const isKnown = told.isComplete && before !== undefined && !isNothing(told.after);
  return {
    kind: 'push',
    repository: told.repository,
    ref: { type: type === 'tags' ? 'tag' : 'branch', name },
    before,
    head: findHead(told),
    sender: told.sender,
    changedPaths: isKnown ? [...new Set(told.commits.flatMap(filesOf))] : undefined,
  };
}
