import { ArchiveError, RegistryError } from '@convox-builds/registry';

import { HttpError } from '../http/http-error.js';

/** What went wrong with an archive, as an answer: whose fault it is decides the status. */
export function explainArchiveError(error: unknown): unknown {
  if (error instanceof ArchiveError) {
    return new HttpError(error.code === 'malformed' ? 400 : 422, error.message, { cause: error });
  }
  if (error instanceof RegistryError) {
    const status = error.code === 'unavailable' ? 503 : 500;
    return new HttpError(status, `the rack's registry failed: ${error.message}`, { cause: error });
  }
  return error;
}
