/** How the processes of a cluster are set. */
export interface ClusterSettings {
  readonly leaseSeconds: number;
  readonly drainGraceSeconds: number;
  /** Builds at once in each worker. */
  readonly slots: number;
  readonly maxLostWorkers: number;
  /** Whether objects are in S3, and not in a folder. */
  readonly isOnS3: boolean;
  /** Whether workers complete builds without building anything. */
  readonly isOnPaper: boolean;
  /** With less than this on its disk a worker takes no build. */
  readonly minFreeDiskBytes: number;
  /** Of the log of one attempt, in bytes. */
  readonly logLimitBytes: number;
  /** The folder of another version, which everything of ours and the database are of until they are upgraded; default: of this one. */
  readonly previous?: string;
  /** Of the rack: a secret that may be seen nowhere. */
  readonly password: string;
}
