import { z } from 'zod';

import { type CommitStatus, cutText, type Dialect } from './dialect.js';

const PAGE_SIZE = 100;
const MAX_DESCRIPTION = 140;

const STATES = {
  pending: 'pending',
  running: 'pending',
  success: 'success',
  failure: 'failure',
  error: 'error',
  cancelled: 'error',
} as const satisfies Record<CommitStatus['state'], string>;

const commentsSchema = z
  .array(z.object({ id: z.int(), body: z.string().nullish() }))
  .transform((comments) => comments.map(({ id, body }) => ({ id, text: body ?? '' })));

/** A status as GitHub and Gitea take it. */
const presentStatus = ({ state, context, description, url }: CommitStatus) => ({
  state: STATES[state],
  context,
  description: cutText(description, MAX_DESCRIPTION),
  ...(url === '' ? {} : { target_url: url }),
});

/** The comments of an issue or a pull request, as GitHub and Gitea answer them. */
const readIssueComments = (json: unknown) => commentsSchema.parse(json);

/** GitHub's REST API, version 2022-11-28: "Commit statuses", "Issue comments". */
export const githubDialect: Dialect = {
  authorise: (token) => ({
    Accept: 'application/vnd.github+json',
    Authorization: `Bearer ${token}`,
    'X-GitHub-Api-Version': '2022-11-28',
  }),
  setStatus: (repository, status) => ({
    method: 'POST',
    path: `/repos/${repository}/statuses/${status.commit}`,
    json: presentStatus(status),
  }),
  pageSize: PAGE_SIZE,
  listComments: (repository, pullRequest, page) => ({
    method: 'GET',
    path: `/repos/${repository}/issues/${pullRequest}/comments?per_page=${PAGE_SIZE}&page=${page}`,
  }),
  readComments: readIssueComments,
  createComment: (repository, pullRequest, text) => ({
    method: 'POST',
    path: `/repos/${repository}/issues/${pullRequest}/comments`,
    json: { body: text },
  }),
  updateComment: (repository, _pullRequest, { id, text }) => ({
    method: 'PATCH',
    path: `/repos/${repository}/issues/comments/${id}`,
    json: { body: text },
  }),
};
