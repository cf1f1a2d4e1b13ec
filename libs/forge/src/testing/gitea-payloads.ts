// After the example of "Webhooks" in the documentation of Gitea; Forgejo's are the same.

const owner = { id: 25, login: 'acme', full_name: '', email: '', avatar_url: '', username: 'acme' };
const sender = { ...owner, id: 1, login: 'ada', username: 'ada' };

const repository = {
  id: 61,
  owner,
  name: 'shop',
  full_name: 'acme/shop',
  description: '',
  empty: false,
  private: true,
  fork: false,
  parent: null,
  html_url: 'https://git.example.com/acme/shop',
  ssh_url: 'ssh://git@git.example.com:2222/acme/shop.git',
  clone_url: 'https://git.example.com/acme/shop.git',
  default_branch: 'main',
};

const person = { name: 'Ada', email: 'ada@example.com', username: 'ada' };

const commit = {
  id: '4522cbcefc20728a5b72b3a86af35e608622c514',
  message: 'Fix the till\n',
  url: 'https://git.example.com/acme/shop/commit/4522cbcefc20728a5b72b3a86af35e608622c514',
  author: person,
  committer: person,
  verification: null,
  timestamp: '2026-05-15T15:20:41Z',
  added: [],
  removed: null,
  modified: ['src/till.ts'],
};

/** A `push` of Gitea. */
export function giteaPush(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    ref: 'refs/heads/main',
    before: '9836a96a253cce25d17988fcf41b8c4205cf779f',
    after: commit.id,
    compare_url: 'https://git.example.com/acme/shop/compare/9836a96a253c...4522cbcefc20',
    commits: [commit],
    total_commits: 1,
    head_commit: commit,
    repository,
    pusher: sender,
    sender,
    ...changes,
  };
}

const end = (label: string, sha: string) => ({ label, ref: label, sha, repo_id: 61, repo: repository });

/** A `pull_request` of Gitea; `head` changes where its commits come from. */
export function giteaPullRequest(
  action: string,
  head: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    action,
    number: 7,
    pull_request: {
      id: 473,
      number: 7,
      user: owner,
      title: 'Ring once',
      body: '',
      labels: [],
      state: 'open',
      html_url: 'https://git.example.com/acme/shop/pulls/7',
      mergeable: true,
      updated_at: '2026-05-15T15:20:42Z',
      merged: false,
      merge_base: '9836a96a253cce25d17988fcf41b8c4205cf779f',
      head: { ...end('ring-once', '2eba238e33607c1fa49253182e9fff42baafa1eb'), ...head },
      base: end('main', '9836a96a253cce25d17988fcf41b8c4205cf779f'),
    },
    requested_reviewer: null,
    repository,
    sender,
    review: null,
  };
}
