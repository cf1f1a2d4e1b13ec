import { randomBytes } from 'node:crypto';

import type { BuildkitClient } from '../control/buildkit-client.js';
import { followSolveRecord } from '../control/solve-record.js';
import { SolveError } from '../errors/solve-error.js';
import type { Session } from '../session/open-session.js';
import { awaitOutcome } from './await-outcome.js';
import { followStatus, type StatusListener } from './follow-status.js';
import { type SolveRequest, solveRequestToWire } from './solve-request.js';
import { watchReports } from './watch-reports.js';

/** What a solve runs with. */
export interface SolveOptions {
  /** Serves the files, credentials and secrets that the solve asks for. One session may serve many solves at once. */
  readonly session: Session;
  /** Cancels the solve: a running step's processes are gone within a second. */
  readonly signal?: AbortSignal;
  /** Is told what happens. A promise that it returns holds back the daemon's reports of this solve. */
  readonly onStatus?: StatusListener;
}

/** What came out. */
export interface SolveResult {
  /** Digest of the image manifest or index that was exported; `undefined` without an image exporter. */
  readonly digest: string | undefined;
  /** Everything the exporters and cache exporters answered. */
  readonly exporterResponse: Readonly<Record<string, string>>;
}

/**
 * Builds a Dockerfile and exports the result (moby/buildkit `Control.Solve`). When it returns or fails, every report has
 * been given to `onStatus`; not so after an abort.
 *
 * @throws {SolveError} when the solve failed; with code `cancelled` after an abort
 */
export async function solve(
  client: BuildkitClient,
  request: SolveRequest,
  options: SolveOptions,
): Promise<SolveResult> {
  const { session, signal = new AbortController().signal, onStatus = () => {} } = options;
  const ref = randomBytes(16).toString('hex');
  const wireRequest = solveRequestToWire(request, { ref, session });
  const statusOver = new AbortController();
  const watch = watchReports(onStatus);
  const record = followSolveRecord(client, ref);
  const status = followStatus(client, ref, { signal: statusOver.signal, onStatus: watch.onStatus });
  status.catch(() => {});
  try {
    const exporterResponse = await awaitOutcome(client, wireRequest, { record, signal });
    await status;
    return { digest: exporterResponse['containerimage.digest'], exporterResponse };
  } catch (error) {
    if (signal.aborted)
      throw new SolveError({ code: 'cancelled', message: 'the solve was cancelled' }, { cause: error });
    throw solveErrorFrom(error, await watch.waitForEnd(status, signal));
  } finally {
    statusOver.abort();
    // The record holds build arguments in clear. That it is gone is nice to have, and the daemon may be gone as well.
    record.forget().catch(() => {});
  }
}

/** Adds the name of the step. What was cancelled, but not by us, was given up by a daemon that is going away. */
function solveErrorFrom(error: unknown, names: ReadonlyMap<string, string> | undefined): unknown {
  if (!(error instanceof SolveError)) return error;
  const { message, exitCode, source, cause } = error;
  const code = error.code === 'cancelled' ? 'unavailable' : error.code;
  const vertex = error.vertex && { ...error.vertex, name: names?.get(error.vertex.digest) };
  return new SolveError({ code, message, exitCode, source, vertex }, { cause });
}
