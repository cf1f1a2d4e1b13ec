import { type ServiceError, status } from '@grpc/grpc-js';

/**
 * What went wrong, as far as a caller may want to act on it:
 *
 * - `user`: the Dockerfile or the source; trying again changes nothing
 * - `cancelled`: we asked for it
 * - `unavailable`: the daemon, or something that it needs over the network, is away
 * - `exhausted`: the daemon's disk is full
 * - `not-found`: what was named is not there
 * - `unknown`: anything else
 */
export type BuildkitErrorCode = 'user' | 'cancelled' | 'unavailable' | 'exhausted' | 'not-found' | 'unknown';

/** A call to buildkitd failed. */
export class BuildkitError extends Error {
  override readonly name: string = 'BuildkitError';
  readonly code: BuildkitErrorCode;

  constructor(code: BuildkitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const CODES: Readonly<Partial<Record<number, BuildkitErrorCode>>> = {
  [status.CANCELLED]: 'cancelled',
  [status.INVALID_ARGUMENT]: 'user',
  [status.NOT_FOUND]: 'not-found',
  [status.RESOURCE_EXHAUSTED]: 'exhausted',
  [status.UNAVAILABLE]: 'unavailable',
  [status.DEADLINE_EXCEEDED]: 'unavailable',
};

/** Maps a gRPC status code to ours. */
export function codeFromGrpcStatus(code: number): BuildkitErrorCode {
  return CODES[code] ?? 'unknown';
}

/**
 * Maps a failed call to ours. A stream that a dying daemon closes without a status is INTERNAL to grpc-js (its
 * `subchannel-call.ts`), with these words.
 */
export function codeFromServiceError({ code, details }: ServiceError): BuildkitErrorCode {
  return /without gRPC status/.test(details) ? 'unavailable' : codeFromGrpcStatus(code);
}

/** Tells an error of grpc-js from others. */
export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error;
}

/** Turns what grpc-js threw into a {@link BuildkitError}; other errors come back as they are. */
export function buildkitErrorFrom(error: unknown): unknown {
  if (!isServiceError(error)) return error;
  return new BuildkitError(codeFromServiceError(error), error.details, { cause: error });
}
