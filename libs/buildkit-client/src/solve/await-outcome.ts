import { setTimeout as sleep } from 'node:timers/promises';

import type { BuildHistoryEvent } from '../control/build-history.js';
import { type BuildkitClient, servicesOf } from '../control/buildkit-client.js';
import { callUnaryRaw } from '../control/call.js';
import { readContent } from '../control/read-content.js';
import type { SolveRecord } from '../control/solve-record.js';
import { SolveError } from '../errors/solve-error.js';
import { solveErrorFromCall } from '../errors/solve-error-from-call.js';
import { solveFailureFromStatus } from '../errors/solve-failure-from-status.js';
import type {
  SolveRequest,
  SolveResponse,
} from '../generated/github.com/moby/buildkit/api/services/control/control.js';

/** How long the Solve call may still answer after the history says that the solve is over. */
const ANSWER_GRACE_MS = 2000;

type ExporterResponse = Readonly<Record<string, string>>;

async function callSolve(
  client: BuildkitClient,
  request: SolveRequest,
  signal: AbortSignal,
): Promise<ExporterResponse> {
  const { control, close } = servicesOf(client).openSolveConnection();
  try {
    const response = await callUnaryRaw<SolveResponse>((done) => control.solve(request, done), signal);
    return response.ExporterResponse;
  } catch (error) {
    throw solveErrorFromCall(error);
  } finally {
    close();
  }
}

/** The record of a finished solve, some time after it was written. Never settles when the history has none. */
async function waitForLateRecord({ complete }: SolveRecord, signal: AbortSignal): Promise<BuildHistoryEvent> {
  const record = await complete;
  if (record === undefined) return new Promise(() => {});
  await sleep(ANSWER_GRACE_MS, undefined, { signal });
  return record;
}

/** The outcome as the history has it. */
async function outcomeFromRecord(
  client: BuildkitClient,
  record: BuildHistoryEvent,
  signal: AbortSignal,
): Promise<ExporterResponse> {
  if (record.errorDigest !== undefined) {
    throw new SolveError(solveFailureFromStatus(await readContent(client, record.errorDigest, { signal })));
  }
  if (record.error !== undefined) throw new SolveError({ code: 'unknown', message: record.error });
  return record.exporterResponse;
}

/**
 * Sends the solve and waits for its outcome, by whichever way it comes first.
 *
 * A failed solve answers with the whole Dockerfile in one HTTP/2 trailer. Node never delivers a trailer of more than
 * about 64 KiB: the call, and with it its connection, would be stuck for ever. The same outcome is in the daemon's
 * history.
 *
 * @throws {SolveError}
 */
export async function awaitOutcome(
  client: BuildkitClient,
  request: SolveRequest,
  { record: ofSolve, signal }: { record: SolveRecord; signal: AbortSignal },
): Promise<ExporterResponse> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const answered = callSolve(client, request, either);
  const recorded = waitForLateRecord(ofSolve, either);
  for (const promise of [answered, recorded]) promise.catch(() => {});
  try {
    const first = await Promise.race([
      answered.then((response) => ({ response })),
      recorded.then((record) => ({ record })),
    ]);
    if ('response' in first) return first.response;
    over.abort();
    return await outcomeFromRecord(client, first.record, signal);
  } finally {
    over.abort();
  }
}
