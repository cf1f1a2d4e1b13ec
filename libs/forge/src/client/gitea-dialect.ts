import type { Dialect } from './dialect.js';
import { githubDialect } from './github-dialect.js';

/** The API of Gitea and Forgejo (`/api/v1`): much like GitHub's, but that all comments come at once. */
export const giteaDialect: Dialect = {
  ...githubDialect,
  authorise: (token) => ({ Accept: 'application/json', Authorization: `token ${token}` }),
  pageSize: 0,
  listComments: (repository, pullRequest) => ({
    method: 'GET',
    path: `/repos/${repository}/issues/${pullRequest}/comments`,
  }),
};
