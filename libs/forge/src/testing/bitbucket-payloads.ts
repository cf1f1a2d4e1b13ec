// After the examples of "Event payloads" in the documentation of Bitbucket Cloud.

const actor = {
  type: 'user',
  display_name: 'Ada L.',
  nickname: 'ada',
  account_id: '557058:2a6349dc-4346-4805-bd84-3abdd0812d17',
  uuid: '{87bb15eb-47c1-49b3-9f16-ca824a2979a4}',
};

const repository = {
  type: 'repository',
  scm: 'git',
  name: 'shop',
  full_name: 'acme/shop',
  links: {
    self: { href: 'https://api.bitbucket.org/2.0/repositories/acme/shop' },
    html: { href: 'https://bitbucket.org/acme/shop' },
  },
  owner: actor,
  is_private: true,
  uuid: '{bc771cbf-829e-4c4b-b71f-a0eb3ac2b860}',
};

const ref = (type: string, name: string, hash: string) => ({
  type,
  name,
  target: {
    type: 'commit',
    hash,
    author: { type: 'author', raw: 'Ada <ada@example.com>', user: actor },
    message: 'Fix the till\n',
    date: '2026-05-15T15:20:41+00:00',
    parents: [],
  },
});

const HASH = '709d658dc5b6d6afcd46049c2f332ee3f515a67d';

/** A `repo:push` of Bitbucket: a branch, and a tag that was pushed with it. */
export function bitbucketPush(changes?: readonly unknown[]): Record<string, unknown> {
  const flags = { closed: false, forced: false, truncated: false };
  return {
    actor,
    repository,
    push: {
      changes: changes ?? [
        {
          ...flags,
          created: false,
          old: ref('branch', 'main', '1e65c05c1d5171631d92438a13901ca7dae9618c'),
          new: ref('branch', 'main', HASH),
          commits: [{ type: 'commit', hash: HASH, message: 'Fix the till\n' }],
        },
        { ...flags, created: true, old: null, new: ref('tag', 'v1.2', HASH), commits: [] },
      ],
    },
  };
}

const end = (name: string, hash: string) => ({
  branch: { name },
  commit: { type: 'commit', hash },
  repository: { type: 'repository', full_name: repository.full_name, name: 'shop', uuid: repository.uuid },
});

/** A `pullrequest:…` of Bitbucket; `source` changes where its commits come from. */
export function bitbucketPullRequest(source: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    actor,
    repository,
    pullrequest: {
      type: 'pullrequest',
      id: 7,
      title: 'Ring once',
      description: '',
      state: 'OPEN',
      updated_on: '2026-05-15T15:20:42.000000+00:00',
      author: actor,
      source: { ...end('ring-once', '507a576e59b3'), ...source },
      destination: end('main', '7d1a175411ef'),
      links: { html: { href: 'https://bitbucket.org/acme/shop/pull-requests/7' } },
    },
  };
}
