// After the examples of "Webhook events" in the documentation of GitLab.

const project = {
  id: 15,
  name: 'shop',
  description: '',
  web_url: 'https://gitlab.example.com/acme/tools/shop',
  avatar_url: null,
  git_ssh_url: 'git@gitlab.example.com:acme/tools/shop.git',
  git_http_url: 'https://gitlab.example.com/acme/tools/shop.git',
  namespace: 'tools',
  visibility_level: 0,
  path_with_namespace: 'acme/tools/shop',
  default_branch: 'main',
};

const commit = {
  id: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7',
  message: 'Fix the till\n\nIt rang twice.\n',
  title: 'Fix the till',
  timestamp: '2026-05-15T15:20:41+02:00',
  url: 'https://gitlab.example.com/acme/tools/shop/-/commit/da1560886d4f',
  author: { name: 'Ada', email: 'ada@example.com' },
  added: ['CHANGELOG'],
  modified: ['src/till.ts'],
  removed: [],
};

/** A `Push Hook` or `Tag Push Hook` of GitLab. */
export function gitlabPush(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    object_kind: 'push',
    event_name: 'push',
    before: '95790bf891e76fee5e1747ab589903a6a1f80f22',
    after: commit.id,
    ref: 'refs/heads/main',
    ref_protected: true,
    checkout_sha: commit.id,
    message: null,
    user_id: 4,
    user_name: 'Ada L.',
    user_username: 'ada',
    user_email: '',
    project_id: 15,
    project,
    commits: [commit],
    total_commits_count: 1,
    push_options: {},
    repository: { name: 'shop', url: project.git_ssh_url, description: '', homepage: project.web_url },
    ...changes,
  };
}

/** A `Merge Request Hook` of GitLab. */
export function gitlabMergeRequest(changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: { id: 1, name: 'Ada L.', username: 'ada', email: '[REDACTED]' },
    project,
    repository: { name: 'shop', url: project.git_ssh_url, description: '', homepage: project.web_url },
    object_attributes: {
      id: 99,
      iid: 7,
      target_branch: 'main',
      source_branch: 'ring-once',
      source_project_id: 15,
      target_project_id: 15,
      title: 'Ring once',
      state: 'opened',
      updated_at: '2026-05-15 15:20:42 UTC',
      url: 'https://gitlab.example.com/acme/tools/shop/-/merge_requests/7',
      source: project,
      target: project,
      last_commit: { ...commit, added: undefined, modified: undefined, removed: undefined },
      draft: false,
      ...changes,
    },
    labels: [],
    changes: {},
  };
}
