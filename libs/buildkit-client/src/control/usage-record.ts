import type { UsageRecord as WireUsageRecord } from '../generated/github.com/moby/buildkit/api/services/control/control.js';

/** One piece of the daemon's disk. */
export interface UsageRecord {
  readonly id: string;
  readonly isInUse: boolean;
  readonly sizeBytes: number;
  readonly usageCount: number;
  readonly description: string;
  /** `regular`, `source.local`, `exec.cachemount`, `source.git.checkout`, `frontend` or `internal`. */
  readonly recordType: string;
  readonly lastUsedAt?: Date | undefined;
}

/** Maps a record of the wire to ours. */
export function usageRecordFromWire(record: WireUsageRecord): UsageRecord {
  return {
    id: record.ID,
    isInUse: record.InUse,
    sizeBytes: Number(record.Size),
    usageCount: Number(record.UsageCount),
    description: record.Description,
    recordType: record.RecordType,
    lastUsedAt: record.LastUsedAt,
  };
}
