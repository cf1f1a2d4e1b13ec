import { z } from 'zod';

import { type CommitStatus, cutText, type Dialect } from './dialect.js';

const PAGE_SIZE = 100;
const MAX_DESCRIPTION = 255;

const STATES = {
  pending: 'pending',
  running: 'running',
  success: 'success',
  failure: 'failed',
  error: 'failed',
  cancelled: 'canceled',
} as const satisfies Record<CommitStatus['state'], string>;

const notesSchema = z
  .array(z.object({ id: z.int(), body: z.string() }))
  .transform((notes) => notes.map(({ id, body }) => ({ id, text: body })));

/** A project is named by its whole path, as one part of the address. */
const projectOf = (repository: string) => `/projects/${repository.replaceAll('/', '%2F')}`;
const notesOf = (repository: string, iid: number) => `${projectOf(repository)}/merge_requests/${iid}/notes`;

/** GitLab's REST API, version 4: "Commits API", "Notes API". */
export const gitlabDialect: Dialect = {
  authorise: (token) => ({ Accept: 'application/json', 'PRIVATE-TOKEN': token }),
  setStatus: (repository, { commit, state, context, description, url }) => ({
    method: 'POST',
    path: `${projectOf(repository)}/statuses/${commit}`,
    json: {
      state: STATES[state],
      name: context,
      description: cutText(description, MAX_DESCRIPTION),
      ...(url === '' ? {} : { target_url: url }),
    },
  }),
  // It refuses to go from a state to the same one ("Cannot transition status via :enqueue from :pending").
  hasStatus: ({ status, body }) => status === 400 && body.includes('Cannot transition status'),
  pageSize: PAGE_SIZE,
  listComments: (repository, pullRequest, page) => ({
    method: 'GET',
    path: `${notesOf(repository, pullRequest)}?sort=asc&order_by=created_at&per_page=${PAGE_SIZE}&page=${page}`,
  }),
  readComments: (json) => notesSchema.parse(json),
  createComment: (repository, pullRequest, text) => ({
    method: 'POST',
    path: notesOf(repository, pullRequest),
    json: { body: text },
  }),
  updateComment: (repository, pullRequest, { id, text }) => ({
    method: 'PUT',
    path: `${notesOf(repository, pullRequest)}/${id}`,
    json: { body: text },
  }),
};
