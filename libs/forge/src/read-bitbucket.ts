import { z } from 'zod';

import type { ForgeEvent, ForgeRepository, PullRequestEvent, PushEvent } from './forge-event.js';
import {
  commitIdSchema,
  fullNameSchema,
  refNameSchema,
  requestNumberSchema,
  textSchema,
  timeSchema,
} from './webhook-schemas.js';

/** Bitbucket gives no addresses for cloning in its webhooks; they follow from the repository's page. */
const repositorySchema = z
  .object({
    full_name: fullNameSchema,
    links: z.object({ html: z.object({ href: z.url({ protocol: /^https?$/ }) }) }),
    mainbranch: z.object({ name: textSchema }).nullish(),
  })
  .transform(({ full_name, links, mainbranch }): ForgeRepository => {
    const page = new URL(links.html.href);
    return {
      fullName: full_name,
      cloneUrls: [`${page.origin}/${full_name}.git`, `git@${page.hostname}:${full_name}.git`],
      defaultBranch: mainbranch?.name ?? '',
    };
  });

const actorSchema = z
  .object({ nickname: textSchema, display_name: textSchema })
  .nullish()
  .transform((actor) => (actor?.nickname || actor?.display_name) ?? '');

const refSchema = z.object({
  type: z.string(),
  name: refNameSchema,
  target: z.object({ hash: commitIdSchema, message: textSchema, author: z.object({ raw: textSchema }).nullish() }),
});

const pushSchema = z.object({
  push: z.object({ changes: z.array(z.object({ new: refSchema.nullable(), old: refSchema.nullable() })) }),
  repository: repositorySchema,
  actor: actorSchema,
});

const pullRequestSchema = z.object({
  pullrequest: z.object({
    id: requestNumberSchema,
    title: textSchema,
    updated_on: timeSchema,
    links: z.object({ html: z.object({ href: textSchema }) }).optional(),
    source: z.object({
      branch: z.object({ name: refNameSchema }),
      /** Of a pull request that has ended, it may be gone. */
      commit: z.object({ hash: z.string().regex(/^[0-9a-f]{12,64}$/, 'is no id of a commit') }).nullish(),
      repository: z.object({ full_name: fullNameSchema }).nullish(),
    }),
    destination: z.object({ branch: z.object({ name: refNameSchema }) }),
  }),
  repository: repositorySchema,
  actor: actorSchema,
});

const ACTIONS: Readonly<Record<string, PullRequestEvent['action']>> = {
  'pullrequest:created': 'opened',
  'pullrequest:updated': 'updated',
  'pullrequest:fulfilled': 'closed',
  'pullrequest:rejected': 'closed',
};

type Change = z.infer<typeof pushSchema>['push']['changes'][number];
type Pushed = Pick<PushEvent, 'repository' | 'sender'>;

/** `Name <address>` */
const nameOf = (raw: string) => raw.replace(/<[^<>]*>$/, '').trim();

function readChange({ old, new: now }: Change, pushed: Pushed): PushEvent[] {
  const ref = now ?? old;
  if (ref === null) return [];
  return [
    {
      kind: 'push',
      ...pushed,
      ref: { type: ref.type.endsWith('tag') ? 'tag' : 'branch', name: ref.name },
      before: old?.target.hash,
      head: now
        ? { id: now.target.hash, message: now.target.message, author: nameOf(now.target.author?.raw ?? '') }
        : undefined,
      // Bitbucket tells of no files.
      changedPaths: undefined,
    },
  ];
}

function readPush(json: unknown): ForgeEvent[] {
  const { push, repository, actor: sender } = pushSchema.parse(json);
  return push.changes.flatMap((change) => readChange(change, { repository, sender }));
}

function readPullRequest(json: unknown, action: PullRequestEvent['action']): ForgeEvent {
  const { pullrequest: told, repository, actor: sender } = pullRequestSchema.parse(json);
  const { source, destination } = told;
  // Nothing is fetched of one that has ended.
  if (!source.commit && action !== 'closed')
    return { kind: 'ignored', reason: 'the commit of the pull request is gone' };
  return {
    kind: 'pull-request',
    action,
    repository,
    number: told.id,
    title: told.title,
    url: told.links?.html.href ?? '',
    sourceBranch: source.branch.name,
    targetBranch: destination.branch.name,
    head: { id: source.commit?.hash ?? '', message: '', author: '' },
    changedAt: told.updated_on,
    isFromFork: source.repository?.full_name !== repository.fullName,
    sender,
  };
}

/** Reads a webhook of Bitbucket Cloud, by its `X-Event-Key`. One may tell of several refs that were pushed together. */
export function readBitbucket(event: string, json: unknown): ForgeEvent[] {
  if (event === 'repo:push') return readPush(json);
  const action = Object.hasOwn(ACTIONS, event) ? ACTIONS[event] : undefined;
  return [
    action === undefined
      ? { kind: 'ignored', reason: 'nothing is built for this event' }
      : readPullRequest(json, action),
  ];
}
