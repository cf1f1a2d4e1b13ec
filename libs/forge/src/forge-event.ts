/** Who sends webhooks. `generic` is whoever signs as this project's own webhooks are signed. */
export const FORGE_KINDS = ['github', 'gitlab', 'bitbucket', 'gitea', 'generic'] as const;

/** Who sends a webhook. */
export type ForgeKind = (typeof FORGE_KINDS)[number];

/** A repository as its forge names it. */
export interface ForgeRepository {
  /** `owner/name`; GitLab's may have more parts. */
  readonly fullName: string;
  /** Every address that the forge gives for cloning it, over https and ssh, each ending `.git`. */
  readonly cloneUrls: readonly string[];
  /** `''` when it was not told. */
  readonly defaultBranch: string;
}

/** A commit as a webhook tells of it. */
export interface ForgeCommit {
  /** Full id; of a pull request of Bitbucket the first 12 digits, for it tells no more, or `''` when it ended and its commit is gone. */
  readonly id: string;
  /** All of it, not the first line alone; `''` when it was not told, as for pull requests of GitHub, Bitbucket and Gitea. */
  readonly message: string;
  /** A name; `''` when it was not told. */
  readonly author: string;
}

/** Something was pushed to a branch or a tag. */
export interface PushEvent {
  readonly kind: 'push';
  readonly repository: ForgeRepository;
  readonly ref: { readonly type: 'branch' | 'tag'; readonly name: string };
  /** Full id of what the ref was before; `undefined` when it is new. */
  readonly before: string | undefined;
  /** What it is now; `undefined` when it was deleted. */
  readonly head: ForgeCommit | undefined;
  readonly sender: string;
  /** The files that were touched, from the repository's root; `undefined` when the webhook does not tell all of them. */
  readonly changedPaths: readonly string[] | undefined;
}

/** A pull or merge request was opened, got commits, or was closed or merged. */
export interface PullRequestEvent {
  readonly kind: 'pull-request';
  readonly action: 'opened' | 'updated' | 'closed';
  readonly repository: ForgeRepository;
  readonly number: number;
  readonly title: string;
  /** The page of it; `''` when it was not told. */
  readonly url: string;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly head: ForgeCommit;
  /** When it changed, by the forge's clock (ISO 8601): webhooks may come in another order. `''` when it was not told. */
  readonly changedAt: string;
  /** Whether its commits come from another repository than the one they are to go into. */
  readonly isFromFork: boolean;
  readonly sender: string;
}

/** A webhook that starts nothing, and why: a ping, an event that nobody builds. */
export interface IgnoredEvent {
  readonly kind: 'ignored';
  readonly reason: string;
}

/** What a forge tells of. */
export type ForgeEvent = PushEvent | PullRequestEvent | IgnoredEvent;
