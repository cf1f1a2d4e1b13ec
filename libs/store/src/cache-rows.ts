// Rows of the layer caches, see migration 0017.

/** A row of `layer_caches`. */
export interface LayerCacheRow {
  readonly app: string;
  readonly service: string;
  /** `''` before the first export. */
  readonly digest: string;
  readonly bytes: string;
  readonly export_ms: number;
  readonly unexported_ms: string;
  readonly builds: number;
  readonly cold_builds: number;
}

/** A row of `build_caches`. */
export interface BuildCacheRow {
  readonly build_id: string;
  readonly service: string;
  readonly local_steps: number;
  readonly registry_steps: number;
  readonly built_steps: number;
  readonly import_ms: number;
  readonly export: 'waiting' | 'done' | 'skipped' | 'failed';
  readonly reason: string;
  readonly export_ms: number;
  readonly export_bytes: string;
}
