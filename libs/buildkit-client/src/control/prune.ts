import { type BuildkitClient, servicesOf } from './buildkit-client.js';
import { readStream } from './call.js';
import { type UsageRecord, usageRecordFromWire } from './usage-record.js';

/** What is to be deleted; what a running solve uses never is. */
export interface PruneOptions {
  /** Also what is used internally and the frontends' own images; default false. */
  readonly isAll?: boolean;
  /** containerd filters, e.g. `type==source.local`. */
  readonly filters?: readonly string[];
  /** Keeps what was used within this time; default 0, which keeps nothing. */
  readonly keepMs?: number;
  /** Deletes only until the daemon's disk has this many bytes free, what was not used for longest first. */
  readonly minFreeBytes?: number;
  readonly signal?: AbortSignal;
}

/** Deletes cached results from the daemon's disk and yields each as it goes. */
export async function* prune(client: BuildkitClient, options: PruneOptions = {}): AsyncGenerator<UsageRecord> {
  const call = servicesOf(client).control.prune({
    filter: [...(options.filters ?? [])],
    all: options.isAll ?? false,
    keepDuration: BigInt(options.keepMs ?? 0) * 1_000_000n,
    reservedSpace: 0n,
    maxUsedSpace: 0n,
    minFreeSpace: BigInt(options.minFreeBytes ?? 0),
  });
  for await (const record of readStream(call, options.signal)) yield usageRecordFromWire(record);
}
