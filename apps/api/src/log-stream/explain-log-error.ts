import type { ApiParts } from '../api-parts.js';
import { BuildNotFoundError } from './stream-build-log.js';

/** What a reader is told of a stream that failed; what was our fault is logged. */
export function explainLogError(error: unknown, buildId: string, { logger }: Pick<ApiParts, 'logger'>): string {
  if (error instanceof BuildNotFoundError) return error.message;
  logger.error({ err: error, buildId }, 'Log stream failed');
  return 'the log cannot be read, try again in a moment';
}
