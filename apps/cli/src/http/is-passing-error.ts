import { RackError, UnreachableError } from './rack-error.js';

/** Tells an error that may be over in a moment: the rack cannot be reached, or is being restarted. */
export function isPassingError(error: unknown): boolean {
  return error instanceof UnreachableError || (error instanceof RackError && error.status >= 500);
}
