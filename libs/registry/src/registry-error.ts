/**
 * What went wrong with a registry:
 *
 * - `not-found`: what was named is not there
 * - `denied`: we may not
 * - `refused`: we do not ask it, or not where it leads: an address that is inward, or has no TLS
 * - `unavailable`: it does not answer, or says that it cannot; trying again may help
 * - `invalid`: it answered something that makes no sense, or that is not what its digest says
 */
export type RegistryErrorCode = 'not-found' | 'denied' | 'refused' | 'unavailable' | 'invalid';

/** A registry could not do what was asked. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;

  /** How long the registry asks us to wait, in milliseconds, when it said so. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: RegistryErrorCode,
    message: string,
    options: ErrorOptions & { status?: number | undefined; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.code = code;
    this.status = options.status;
  }
}

/** Maps an HTTP status to a code. */
export function codeFromStatus(status: number): RegistryErrorCode {
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'not-found';
  return status === 429 || status >= 500 ? 'unavailable' : 'invalid';
}
