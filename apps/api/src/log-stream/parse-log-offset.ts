import { HttpError } from '../http/http-error.js';

/**
 * Reads the position in a log from which a client wants it: a number of bytes; none is the start.
 *
 * @throws {HttpError} 400
 */
export function parseLogOffset(text: string | null | undefined): number {
  if (text === null || text === undefined || text === '') return 0;
  if (!/^\d{1,15}$/.test(text)) {
    throw new HttpError(400, `offset must be a number of bytes from 0, not "${text.slice(0, 40)}"`);
  }
  return Number(text);
}
