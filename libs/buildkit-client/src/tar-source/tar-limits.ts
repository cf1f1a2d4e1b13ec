/** What an archive may hold. */
export interface TarLimits {
  readonly maxEntries: number;
  /** Bytes of all of it, unpacked. */
  readonly maxBytes: number;
  /** Bytes of one file. */
  readonly maxFileBytes: number;
  /** How much larger it may be unpacked than packed, once it is over `ratioWindowBytes`. */
  readonly maxRatio: number;
  readonly ratioWindowBytes: number;
  readonly maxPathBytes: number;
  readonly maxDepth: number;
}

/** Limits that no honest source meets. */
export const DEFAULT_TAR_LIMITS: TarLimits = {
  maxEntries: 200_000,
  maxBytes: 4 * 1024 ** 3,
  maxFileBytes: 2 * 1024 ** 3,
  maxRatio: 200,
  ratioWindowBytes: 64 * 1024 ** 2,
  maxPathBytes: 4096,
  maxDepth: 128,
};
