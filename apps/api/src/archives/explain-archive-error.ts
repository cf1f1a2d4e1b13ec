import { ArchiveError } from '@convox-builds/registry';

import { HttpError } from '../http/http-error.js';
import { explainRegistryError } from './explain-registry-error.js';

/** What went wrong with an archive, as an answer: whose fault it is decides the status. */
export function explainArchiveError(error: unknown): unknown {
  if (!(error instanceof ArchiveError)) return explainRegistryError(error);
  return new HttpError(error.code === 'malformed' ? 400 : 422, error.message, { cause: error });
}
