/** A row of `log_chunks`. */
export interface LogChunkRow {
  readonly build_id: string;
  readonly seq: number;
  readonly attempt: number;
  readonly bytes: Buffer;
}

/** A row of `compacted_logs`. */
export interface CompactedLogRow {
  readonly build_id: string;
  readonly chunk_sizes: number[];
}
