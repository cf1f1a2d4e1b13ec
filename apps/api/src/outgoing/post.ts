import { oneLine } from './one-line.js';
import { type OutgoingRequest, sendRequest } from './send-request.js';

const MAX_ANSWER_BYTES = 1024;

/** What to post, and how long it may take. */
export type Post = Omit<OutgoingRequest, 'method' | 'maxAnswerBytes'>;

/** An answer. */
export interface PostAnswer {
  readonly status: number;
  /** Its first bytes, as one line. */
  readonly text: string;
}

/** Posts JSON to an address that somebody gave us, see {@link sendRequest}. */
export async function post(url: URL, options: Post): Promise<PostAnswer> {
  const { status, text } = await sendRequest(url, { ...options, method: 'POST', maxAnswerBytes: MAX_ANSWER_BYTES });
  return { status, text: oneLine(text) };
}
