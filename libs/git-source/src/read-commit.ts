import { type GitCall, runGit } from './run-git.js';

/** What a commit says of itself; one line each. */
export interface CommitDescription {
  /** Name and address, as `Ann <ann@example.org>`. */
  readonly author: string;
  readonly subject: string;
  /** Seconds since 1970. */
  readonly committedAt: number;
}

const MAX_LENGTH = 500;
/** What git cannot be told to leave out: the text is somebody's who is not trusted. */
const oneLine = (text = '') =>
  text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, MAX_LENGTH);

/** Reads what a commit says of itself. */
export async function readCommit(id: string, call: Omit<GitCall, 'args'>): Promise<CommitDescription> {
  const args = ['log', '-1', '--no-show-signature', '--format=%an <%ae>%x00%s%x00%ct', '--end-of-options', id];
  const [author, subject, time] = (await runGit({ ...call, args })).split('\0');
  return { author: oneLine(author), subject: oneLine(subject), committedAt: Math.max(0, Number(time) || 0) };
}
