import { createHash } from 'node:crypto';

import { z } from 'zod';

import { type CommitStatus, cutText, type Dialect } from './dialect.js';

const PAGE_SIZE = 100;
const MAX_KEY = 40;
const MAX_TEXT = 255;

const STATES = {
  pending: 'INPROGRESS',
  running: 'INPROGRESS',
  success: 'SUCCESSFUL',
  failure: 'FAILED',
  error: 'FAILED',
  cancelled: 'STOPPED',
} as const satisfies Record<CommitStatus['state'], string>;

const commentsSchema = z
  .object({
    values: z.array(
      z.object({ id: z.int(), deleted: z.boolean().optional(), content: z.object({ raw: z.string() }).nullish() }),
    ),
  })
  .transform(({ values }) =>
    values.map(({ id, deleted, content }) => ({ id, text: deleted === true ? '' : (content?.raw ?? '') })),
  );

/** A key has 40 characters at most, and names a status for good. */
const keyOf = (context: string) =>
  context.length <= MAX_KEY ? context : createHash('sha256').update(context).digest('hex').slice(0, MAX_KEY);

const commentsOf = (repository: string, id: number) => `/repositories/${repository}/pullrequests/${id}/comments`;

/** A token of a repository, a project or a workspace goes as it is; one of a person is `address:token`. */
const authorisationOf = (token: string) =>
  token.includes(':') ? `Basic ${Buffer.from(token).toString('base64')}` : `Bearer ${token}`;

/** Bitbucket Cloud's REST API, version 2.0: "Commit statuses", "Pullrequests". */
export const bitbucketDialect: Dialect = {
  authorise: (token) => ({ Accept: 'application/json', Authorization: authorisationOf(token) }),
  setStatus: (repository, { commit, state, context, description, url }) => ({
    method: 'POST',
    path: `/repositories/${repository}/commit/${commit}/statuses/build`,
    json: {
      key: keyOf(context),
      name: cutText(context, MAX_TEXT),
      state: STATES[state],
      description: cutText(description, MAX_TEXT),
      // It takes none without.
      url: url === '' ? `https://bitbucket.org/${repository}/commits/${commit}` : url,
    },
  }),
  pageSize: PAGE_SIZE,
  listComments: (repository, pullRequest, page) => ({
    method: 'GET',
    path: `${commentsOf(repository, pullRequest)}?pagelen=${PAGE_SIZE}&page=${page}`,
  }),
  readComments: (json) => commentsSchema.parse(json),
  createComment: (repository, pullRequest, text) => ({
    method: 'POST',
    path: commentsOf(repository, pullRequest),
    json: { content: { raw: text } },
  }),
  updateComment: (repository, pullRequest, { id, text }) => ({
    method: 'PUT',
    path: `${commentsOf(repository, pullRequest)}/${id}`,
    json: { content: { raw: text } },
  }),
};
