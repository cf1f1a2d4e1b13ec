// After the examples of "Webhook events and payloads" in the documentation of GitHub.

const owner = {
  login: 'acme',
  id: 21031067,
  node_id: 'MDQ6VXNlcjIxMDMxMDY3',
  html_url: 'https://github.com/acme',
  type: 'User',
  site_admin: false,
};

const repository = {
  id: 186853002,
  node_id: 'MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=',
  name: 'shop',
  full_name: 'acme/shop',
  private: false,
  owner,
  html_url: 'https://github.com/acme/shop',
  description: null,
  fork: false,
  git_url: 'git://github.com/acme/shop.git',
  ssh_url: 'git@github.com:acme/shop.git',
  clone_url: 'https://github.com/acme/shop.git',
  svn_url: 'https://github.com/acme/shop',
  default_branch: 'main',
  master_branch: 'main',
};

const person = { name: 'Ada', email: 'ada@example.com', username: 'ada' };

const commit = {
  id: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
  tree_id: 'f9d2a07e9488b91af2641b26b9407fe22a451433',
  distinct: true,
  message: 'Fix the till\n\nIt rang twice.',
  timestamp: '2026-05-15T15:20:41Z',
  url: 'https://github.com/acme/shop/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246',
  author: person,
  committer: person,
  added: ['src/bell.ts'],
  removed: [],
  modified: ['src/till.ts', 'README.md'],
};

/** A `push` of GitHub. */
export function githubPush(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    ref: 'refs/heads/main',
    before: 'c0ffee4f27ae82c7b1a177c8d03f9e96e0adf246',
    after: commit.id,
    repository,
    pusher: { name: 'ada', email: 'ada@example.com' },
    sender: { ...owner, login: 'ada' },
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: 'https://github.com/acme/shop/compare/c0ffee4f27ae...6113728f27ae',
    commits: [commit],
    head_commit: commit,
    ...changes,
  };
}

const end = (label: string, sha: string) => ({
  label: `acme:${label}`,
  ref: label,
  sha,
  user: owner,
  repo: repository,
});

/** A `pull_request` of GitHub; `head` changes where its commits come from. */
export function githubPullRequest(
  action: string,
  head: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    action,
    number: 7,
    pull_request: {
      url: 'https://api.github.com/repos/acme/shop/pulls/7',
      id: 279147437,
      html_url: 'https://github.com/acme/shop/pull/7',
      number: 7,
      state: 'open',
      locked: false,
      title: 'Ring once',
      user: owner,
      body: null,
      draft: false,
      merged: false,
      updated_at: '2026-05-15T15:20:42Z',
      head: { ...end('ring-once', 'ec26c3e57ca3a959ca5aad62de7213c562f8c821'), ...head },
      base: end('main', 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e'),
    },
    repository,
    sender: { ...owner, login: 'ada' },
  };
}
