import { createHmac } from 'node:crypto';

import { bitbucketDialect } from './bitbucket-dialect.js';
import type { ConnectedForgeKind } from './connected-forge.js';
import type { ApiCall, CommitStatus, Dialect, ForgeComment } from './dialect.js';
import { findAnswerError } from './find-answer-error.js';
import { ForgeError } from './forge-error.js';
import type { ForgeAnswer, SendToForge } from './forge-request.js';
import { giteaDialect } from './gitea-dialect.js';
import { githubDialect } from './github-dialect.js';
import { gitlabDialect } from './gitlab-dialect.js';

/** A comment of ours on a pull request. */
export interface OwnComment {
  readonly pullRequest: number;
  /** Names it among ours: there is one for each subject. */
  readonly subject: string;
  /** Markdown. */
  readonly text: string;
}

/** Tells a forge of builds. Every call throws {@link ForgeError} when the forge does not take it. */
export interface ForgeClient {
  /** Says how something stands with a commit; said again under the same context, it takes the place of what was said before. */
  setStatus(repository: string, status: CommitStatus): Promise<void>;
  /** Writes a comment, or changes the one of that subject that is there. */
  upsertComment(repository: string, comment: OwnComment): Promise<void>;
}

/** How a forge is reached. */
export interface ForgeClientOptions {
  readonly apiUrl: string;
  readonly token: string;
  readonly send: SendToForge;
}

const DIALECTS: Readonly<Record<ConnectedForgeKind, Dialect>> = {
  github: githubDialect,
  gitlab: gitlabDialect,
  bitbucket: bitbucketDialect,
  gitea: giteaDialect,
};

/** A pull request with more comments than these pages have may get a second one of ours. */
const MAX_PAGES = 10;
const COMMIT = /^[0-9a-f]{7,64}$/;

/** Parts of a name must not lead anywhere else in the API. */
function repositoryPath(repository: string): string {
  const parts = repository.split('/');
  if (parts.length < 2 || parts.some((part) => /^\.{0,2}$/.test(part)))
    throw new ForgeError('refused', `"${repository}" is no name of a repository`);
  return parts.map(encodeURIComponent).join('/');
}

/**
 * The last line of a comment, which Markdown does not show. Nobody can guess it who has not seen the comment, so that none but
 * ours is changed.
 */
function markerOf(subject: string, token: string): string {
  return `[//]: # (convox-builds ${createHmac('sha256', token).update(subject).digest('hex').slice(0, 32)})`;
}

function createCall(dialect: Dialect, { apiUrl, token, send }: ForgeClientOptions) {
  const headers = { ...dialect.authorise(token), 'Content-Type': 'application/json' };
  return async ({ method, path, json }: ApiCall): Promise<ForgeAnswer> => {
    const body = json === undefined ? '' : JSON.stringify(json);
    const answer = await send({ method, url: `${apiUrl}${path}`, headers, body }).catch((error: unknown) => {
      if (error instanceof ForgeError) throw error;
      throw new ForgeError('unavailable', error instanceof Error ? error.message : String(error));
    });
    // Some say in their errors what they were sent.
    return { ...answer, body: answer.body.replaceAll(token, '****') };
  };
}

function readComments(dialect: Dialect, { body }: ForgeAnswer): readonly ForgeComment[] {
  try {
    return dialect.readComments(JSON.parse(body));
  } catch {
    throw new ForgeError('refused', 'its list of comments is not as documented: is the address that of its API?');
  }
}

/** Makes a client of a forge's API. */
export function createForgeClient(kind: ConnectedForgeKind, options: ForgeClientOptions): ForgeClient {
  const dialect = DIALECTS[kind];
  const call = createCall(dialect, options);

  async function ask(request: ApiCall): Promise<ForgeAnswer> {
    const answer = await call(request);
    const error = findAnswerError(answer);
    if (error !== undefined) throw error;
    return answer;
  }

  async function findComment(repository: string, pullRequest: number, marker: string) {
    for (let page = 1; page <= MAX_PAGES; page++) {
      const comments = readComments(dialect, await ask(dialect.listComments(repository, pullRequest, page)));
      const own = comments.find(({ text }) => text.includes(marker));
      if (own !== undefined || dialect.pageSize === 0 || comments.length < dialect.pageSize) return own;
    }
    return undefined;
  }

  return {
    setStatus: async (repository, status) => {
      if (!COMMIT.test(status.commit)) throw new ForgeError('refused', `"${status.commit}" is no id of a commit`);
      const request = dialect.setStatus(repositoryPath(repository), status);
      const answer = await call(request);
      const error = findAnswerError(answer);
      if (error !== undefined && dialect.hasStatus?.(answer) !== true) throw error;
    },
    upsertComment: async (repository, { pullRequest, subject, text }) => {
      const path = repositoryPath(repository);
      const marker = markerOf(subject, options.token);
      const own = await findComment(path, pullRequest, marker);
      const marked = `${text}\n\n${marker}`;
      if (own?.text === marked) return;
      await ask(
        own === undefined
          ? dialect.createComment(path, pullRequest, marked)
          : dialect.updateComment(path, pullRequest, { id: own.id, text: marked }),
      );
    },
  };
}
