import { EcrError, RegistryError } from '@convox-builds/registry';

import { HttpError } from '../http/http-error.js';

/** What went wrong with the rack's registry, as an answer; other errors come back as they are. */
export function explainRegistryError(error: unknown): unknown {
  if (!(error instanceof RegistryError || error instanceof EcrError)) return error;
  const status = error.code === 'unavailable' ? 503 : 500;
  return new HttpError(status, `the rack's registry failed: ${error.message}`, { cause: error });
}
