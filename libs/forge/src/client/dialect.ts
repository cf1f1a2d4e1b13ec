import type { ForgeAnswer, ForgeRequest } from './forge-request.js';

/** How something stands with a commit. */
export interface CommitStatus {
  readonly commit: string;
  readonly state: 'pending' | 'running' | 'success' | 'failure' | 'error' | 'cancelled';
  /** What it is that stands so; the same for each build of an app. */
  readonly context: string;
  /** One line; it is cut to what the forge takes. */
  readonly description: string;
  /** A page about it; `''` for none. */
  readonly url: string;
}

/** A comment that is there. */
export interface ForgeComment {
  readonly id: number;
  readonly text: string;
}

/** What is asked of an API, without its address and the token. */
export interface ApiCall {
  readonly method: ForgeRequest['method'];
  /** Behind the address of the API. */
  readonly path: string;
  readonly json?: unknown;
}

/** What is different about the API of a forge. */
export interface Dialect {
  readonly authorise: (token: string) => Readonly<Record<string, string>>;
  readonly setStatus: (repository: string, status: CommitStatus) => ApiCall;
  /** Whether a refusal of a status says that the forge has it already. */
  readonly hasStatus?: (answer: ForgeAnswer) => boolean;
  /** How many comments a page has; 0: all are on the first one. */
  readonly pageSize: number;
  readonly listComments: (repository: string, pullRequest: number, page: number) => ApiCall;
  readonly readComments: (json: unknown) => readonly ForgeComment[];
  readonly createComment: (repository: string, pullRequest: number, text: string) => ApiCall;
  readonly updateComment: (repository: string, pullRequest: number, comment: ForgeComment) => ApiCall;
}

/** Cuts a text to what a forge takes of it. */
export const cutText = (text: string, maxLength: number) =>
  text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
