import { z } from 'zod';

import { createPullRequest } from './create-pull-request.js';
import { createPush } from './create-push.js';
import type { ForgeEvent } from './forge-event.js';
import {
  commitIdSchema,
  type PushedCommit,
  pushedCommitSchema,
  pushedCommitsSchema,
  repositorySchema,
  senderSchema,
} from './webhook-schemas.js';

/** GitHub tells no more commits of a push, and no more files of a commit ("Webhook events and payloads", `push`). */
const [MAX_COMMITS, MAX_FILES] = [2048, 3000];

const pushSchema = z.object({
  ref: z.string(),
  before: commitIdSchema,
  after: commitIdSchema,
  forced: z.boolean().optional(),
  head_commit: pushedCommitSchema.nullish(),
  commits: pushedCommitsSchema,
  repository: repositorySchema,
  sender: senderSchema,
});

const ACTIONS = { opened: 'opened', reopened: 'opened', synchronize: 'updated', closed: 'closed' } as const;

const isWhole = ({ added, removed, modified }: PushedCommit) =>
  added.length + removed.length + modified.length < MAX_FILES;

function readPush(json: unknown): ForgeEvent {
  const { repository, ref, before, after, sender, commits, ...told } = pushSchema.parse(json);
  return createPush({
    ...{ repository, ref, before, after, sender },
    headId: told.head_commit?.id ?? after,
    commits: told.head_commit ? [...commits, told.head_commit] : commits,
    // What a forced push took away is in none of its commits.
    isComplete: told.forced !== true && commits.length < MAX_COMMITS && commits.every(isWhole),
  });
}

/** Reads a webhook of GitHub, by its `X-GitHub-Event`. */
export function readGithub(event: string, json: unknown): ForgeEvent {
  switch (event) {
    case 'push':
      return readPush(json);
    case 'pull_request':
      return createPullRequest(json, ACTIONS);
    case 'ping':
      return { kind: 'ignored', reason: 'a ping: the webhook works' };
    case 'create':
    case 'delete':
      return { kind: 'ignored', reason: 'a push event tells of the same' };
    default:
      return { kind: 'ignored', reason: 'nothing is built for this event' };
  }
}
