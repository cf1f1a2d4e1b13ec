import type { UpdateBuildHistoryResponse } from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import { type BuildHistoryEvent, listenBuildHistory } from './build-history.js';
import { type BuildkitClient, servicesOf } from './buildkit-client.js';
import { callUnary } from './call.js';

/** A cancelled solve ends within a second or so. */
const ENDS_WITHIN_MS = 30_000;

/** What the daemon's history keeps of one solve: its outcome, its attributes (build arguments among them) and its logs. */
export interface SolveRecord {
  /** Resolves when the solve is over; to `undefined` when the history does not tell. Never rejects. */
  readonly complete: Promise<BuildHistoryEvent | undefined>;
  /**
   * Deletes the record as soon as it is complete (a solve that still ends would write it again); not when that takes
   * longer than half a minute.
   *
   * @throws {BuildkitError}
   */
  readonly forget: () => Promise<void>;
}

async function waitForEnd(
  client: BuildkitClient,
  ref: string,
  signal: AbortSignal,
): Promise<BuildHistoryEvent | undefined> {
  for await (const event of listenBuildHistory(client, { ref, signal })) if (event.type === 'complete') return event;
  return undefined;
}

/** Follows the record of a solve, which may be still to come. The caller forgets it in the end. */
export function followSolveRecord(client: BuildkitClient, ref: string): SolveRecord {
  const over = new AbortController();
  const complete = waitForEnd(client, ref, over.signal).catch(() => undefined);
  return {
    complete,
    forget: async () => {
      const timer = setTimeout(() => over.abort(), ENDS_WITHIN_MS).unref();
      const record = await complete;
      clearTimeout(timer);
      if (record === undefined) return;
      const { control } = servicesOf(client);
      const request = { Ref: ref, Pinned: false, Delete: true, Finalize: false };
      await callUnary<UpdateBuildHistoryResponse>((done) => control.updateBuildHistory(request, done));
    },
  };
}
