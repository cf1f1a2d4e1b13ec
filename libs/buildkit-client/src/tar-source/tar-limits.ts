/** What an archive may hold. */
export interface TarLimits {
  /** Also of folders that it leaves out. */
  readonly maxEntries: number;
  /** Characters of all paths and targets of links together: they are kept in memory. */
  readonly maxNameLength: number;
  /** Bytes of all of it, unpacked. */
  readonly maxBytes: number;
  /** Bytes of one file. */
  readonly maxFileBytes: number;
  /** How much larger it may be unpacked than packed, once it is over `ratioWindowBytes`. */
  readonly maxRatio: number;
  readonly ratioWindowBytes: number;
  /** Of one path, or target of a link. */
  readonly maxPathBytes: number;
  readonly maxDepth: number;
}

/** Limits that no honest source meets. */
export const DEFAULT_TAR_LIMITS: TarLimits = {
  maxEntries: 200_000,
  maxNameLength: 64 * 1024 ** 2,
  maxBytes: 4 * 1024 ** 3,
  maxFileBytes: 2 * 1024 ** 3,
  maxRatio: 200,
  ratioWindowBytes: 64 * 1024 ** 2,
  maxPathBytes: 4096,
  maxDepth: 128,
};
