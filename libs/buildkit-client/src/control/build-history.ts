import {
  BuildHistoryEventType,
  type BuildHistoryEvent as WireEvent,
} from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import { type BuildkitClient, servicesOf } from './buildkit-client.js';
import { readStream } from './call.js';

/** News of a solve, from the daemon's history. */
export interface BuildHistoryEvent {
  readonly type: 'started' | 'complete' | 'deleted';
  readonly ref: string;
  /** The message of a solve that failed. */
  readonly error?: string | undefined;
  /** Where the whole error is kept, for {@link readContent}: a `google.rpc.Status` with all details. */
  readonly errorDigest?: string | undefined;
  readonly exporterResponse: Readonly<Record<string, string>>;
  readonly cachedSteps: number;
  readonly totalSteps: number;
}

const TYPES = {
  [BuildHistoryEventType.STARTED]: 'started',
  [BuildHistoryEventType.COMPLETE]: 'complete',
  [BuildHistoryEventType.DELETED]: 'deleted',
  [BuildHistoryEventType.UNRECOGNIZED]: 'started',
} as const;

function eventFromWire({ type, record }: WireEvent): BuildHistoryEvent {
  return {
    type: TYPES[type],
    ref: record?.Ref ?? '',
    error: record?.error?.message,
    errorDigest: record?.externalError?.digest,
    exporterResponse: record?.ExporterResponse ?? {},
    cachedSteps: record?.numCachedSteps ?? 0,
    totalSteps: record?.numTotalSteps ?? 0,
  };
}

/**
 * Yields what the history has on one solve, or on all, and then what happens; `isFollowing: false` ends after the first
 * part. Solves that were started as internal are not in it.
 */
export async function* listenBuildHistory(
  client: BuildkitClient,
  options: { ref?: string; isFollowing?: boolean; signal?: AbortSignal } = {},
): AsyncGenerator<BuildHistoryEvent> {
  const { ref = '', isFollowing = true, signal } = options;
  const request = { ActiveOnly: false, Ref: ref, EarlyExit: !isFollowing, Filter: [], Limit: 0 };
  const call = servicesOf(client).control.listenBuildHistory(request);
  for await (const event of readStream(call, signal)) yield eventFromWire(event);
}
