import { z } from 'zod';

import type { ForgeEvent, PullRequestEvent } from './forge-event.js';
import {
  commitIdSchema,
  refNameSchema,
  repositorySchema,
  requestNumberSchema,
  senderSchema,
  textSchema,
  timeSchema,
} from './webhook-schemas.js';

const endSchema = z.object({
  ref: refNameSchema,
  sha: commitIdSchema,
  // A fork that was deleted since then.
  repo: repositorySchema.nullish(),
});

const pullRequestSchema = z.object({
  action: z.string(),
  number: requestNumberSchema,
  pull_request: z.object({
    ...{ title: textSchema, html_url: textSchema, updated_at: timeSchema },
    ...{ head: endSchema, base: endSchema },
  }),
  repository: repositorySchema,
  sender: senderSchema,
});

/** Makes an event of a `pull_request` webhook of GitHub or Gitea; which of their actions are ours is told. */
export function createPullRequest(
  json: unknown,
  actions: Readonly<Record<string, PullRequestEvent['action']>>,
): ForgeEvent {
  const told = pullRequestSchema.parse(json);
  const { title, html_url, updated_at, head, base } = told.pull_request;
  const action = Object.hasOwn(actions, told.action) ? actions[told.action] : undefined;
  if (action === undefined)
    return { kind: 'ignored', reason: 'nothing is built when a pull request changes like this' };
  return {
    kind: 'pull-request',
    action,
    repository: told.repository,
    number: told.number,
    title,
    url: html_url,
    sourceBranch: head.ref,
    targetBranch: base.ref,
    head: { id: head.sha, message: '', author: '' },
    changedAt: updated_at,
    isFromFork: head.repo?.fullName !== told.repository.fullName,
    sender: told.sender,
  };
}
