import { codeFromServiceError, isServiceError } from './buildkit-error.js';
import { SolveError } from './solve-error.js';
import { solveFailureFromStatus } from './solve-failure-from-status.js';

/** Turns what grpc-js threw of a call that solves into a {@link SolveError}, by its details; other errors come back as they are. */
export function solveErrorFromCall(error: unknown): unknown {
  if (!isServiceError(error)) return error;
  const [details] = error.metadata.get('grpc-status-details-bin');
  if (details === undefined)
    return new SolveError({ code: codeFromServiceError(error), message: error.details }, { cause: error });
  return new SolveError(solveFailureFromStatus(Buffer.from(details)), { cause: error });
}
