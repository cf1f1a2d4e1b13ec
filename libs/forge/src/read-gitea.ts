import { z } from 'zod';

import { createPullRequest } from './create-pull-request.js';
import { createPush } from './create-push.js';
import type { ForgeEvent } from './forge-event.js';
import {
  commitIdSchema,
  pushedCommitSchema,
  pushedCommitsSchema,
  repositorySchema,
  senderSchema,
} from './webhook-schemas.js';

const pushSchema = z.object({
  ref: z.string(),
  before: commitIdSchema,
  after: commitIdSchema,
  head_commit: pushedCommitSchema.nullish(),
  commits: pushedCommitsSchema,
  /** Of all commits; those that are told are `FEED_MAX_COMMIT_NUM` at most. Older versions do not say. */
  total_commits: z.int().nonnegative().optional(),
  repository: repositorySchema,
  sender: senderSchema,
});

const ACTIONS = { opened: 'opened', reopened: 'opened', synchronized: 'updated', closed: 'closed' } as const;

function readPush(json: unknown): ForgeEvent {
  const { repository, ref, before, after, sender, commits, ...told } = pushSchema.parse(json);
  return createPush({
    ...{ repository, ref, before, after, sender },
    headId: told.head_commit?.id ?? after,
    commits: told.head_commit ? [...commits, told.head_commit] : commits,
    // Without new commits it went back: what that took away nobody tells.
    isComplete: commits.length > 0 && told.total_commits === commits.length,
  });
}

/** Reads a webhook of Gitea or Forgejo, by its `X-Gitea-Event`. */
export function readGitea(event: string, json: unknown): ForgeEvent {
  switch (event) {
    case 'push':
      return readPush(json);
    case 'pull_request':
      return createPullRequest(json, ACTIONS);
    case 'create':
      return { kind: 'ignored', reason: 'a push event tells of the same' };
    case 'delete':
      return { kind: 'ignored', reason: 'nothing is built of what was deleted' };
    default:
      return { kind: 'ignored', reason: 'nothing is built for this event' };
  }
}
