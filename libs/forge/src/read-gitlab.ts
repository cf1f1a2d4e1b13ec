import { z } from 'zod';

import { commitFrom, createPush } from './create-push.js';
import type { ForgeEvent, ForgeRepository, PullRequestEvent } from './forge-event.js';
import {
  commitIdSchema,
  fullNameSchema,
  pushedCommitSchema,
  pushedCommitsSchema,
  refNameSchema,
  requestNumberSchema,
  textSchema,
  timeSchema,
} from './webhook-schemas.js';

const projectSchema = z
  .object({
    path_with_namespace: fullNameSchema,
    git_http_url: z.string(),
    git_ssh_url: textSchema,
    default_branch: textSchema,
  })
  .transform(
    (project): ForgeRepository => ({
      fullName: project.path_with_namespace,
      cloneUrls: [project.git_http_url, project.git_ssh_url].filter((url) => url !== ''),
      defaultBranch: project.default_branch,
    }),
  );

const pushSchema = z.object({
  ref: z.string(),
  before: commitIdSchema,
  after: commitIdSchema,
  /** The commit, where `after` is an annotated tag. */
  checkout_sha: commitIdSchema.nullish(),
  commits: pushedCommitsSchema,
  /** Of all; no more than 20 are told ("Webhook events", "Push events"). */
  total_commits_count: z.int().nonnegative(),
  project: projectSchema,
  user_username: textSchema,
});

const mergeRequestSchema = z.object({
  user: z.object({ username: textSchema }),
  project: projectSchema,
  object_attributes: z.object({
    iid: requestNumberSchema,
    title: textSchema,
    url: textSchema,
    action: textSchema,
    updated_at: timeSchema,
    oldrev: textSchema,
    source_branch: refNameSchema,
    target_branch: refNameSchema,
    source_project_id: z.int().nullable(),
    target_project_id: z.int(),
    last_commit: pushedCommitSchema,
  }),
});

const ACTIONS: Readonly<Record<string, PullRequestEvent['action']>> = {
  open: 'opened',
  reopen: 'opened',
  update: 'updated',
  close: 'closed',
  merge: 'closed',
};

function readPush(json: unknown): ForgeEvent {
  const { ref, before, after, commits, ...told } = pushSchema.parse(json);
  return createPush({
    ...{ ref, before, after, commits },
    repository: told.project,
    headId: told.checkout_sha ?? after,
    // Without new commits it went back: what that took away nobody tells.
    isComplete: commits.length > 0 && told.total_commits_count === commits.length,
    sender: told.user_username,
  });
}

/** An update has `oldrev` when commits came, and none when but a title or a label changed. */
function findAction({ action, oldrev }: { action: string; oldrev: string }): PullRequestEvent['action'] | undefined {
  if (action === 'update' && oldrev === '') return undefined;
  return Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
}

function readMergeRequest(json: unknown): ForgeEvent {
  const { user, project, object_attributes: told } = mergeRequestSchema.parse(json);
  const action = findAction(told);
  if (action === undefined)
    return { kind: 'ignored', reason: 'nothing is built when a merge request changes like this' };
  return {
    kind: 'pull-request',
    action,
    repository: project,
    number: told.iid,
    title: told.title,
    url: told.url,
    sourceBranch: told.source_branch,
    targetBranch: told.target_branch,
    head: commitFrom(told.last_commit),
    changedAt: told.updated_at,
    isFromFork: told.source_project_id !== told.target_project_id,
    sender: user.username,
  };
}

/** Reads a webhook of GitLab, by its `X-Gitlab-Event`. */
export function readGitlab(event: string, json: unknown): ForgeEvent {
  switch (event) {
    case 'Push Hook':
    case 'Tag Push Hook':
      return readPush(json);
    case 'Merge Request Hook':
      return readMergeRequest(json);
    default:
      return { kind: 'ignored', reason: 'nothing is built for this event' };
  }
}
