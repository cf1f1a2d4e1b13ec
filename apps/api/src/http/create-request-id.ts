import { randomBytes } from 'node:crypto';

/** Names a request in our log and in its answer. */
export function createRequestId(): string {
  return randomBytes(6).toString('hex');
}
