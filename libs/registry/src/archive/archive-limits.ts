/** What an archive of a build may hold. */
export interface ArchiveLimits {
  /** Bytes of all of it, unpacked. */
  readonly maxBytes: number;
  /** Files beside each other in the archive, and in each image archive in it. */
  readonly maxEntries: number;
  /** How much larger it may be unpacked than packed, once it is over `ratioWindowBytes`. */
  readonly maxRatio: number;
  readonly ratioWindowBytes: number;
}

/** Limits that no honest archive meets. */
export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = {
  maxBytes: 20_000_000_000,
  maxEntries: 5000,
  maxRatio: 200,
  ratioWindowBytes: 64 * 1024 ** 2,
};
