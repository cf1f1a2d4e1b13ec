import type { Lookup, Place } from '@convox-builds/domain';

import type { TransferLimits } from './limit-transfer.js';

/** How a fetcher is set. */
export interface GitFetcherOptions {
  /** Where repositories are kept between fetches; of this process alone. */
  readonly folder: string;
  /** Of all that is kept, and of one repository, in bytes. */
  readonly maxKeptBytes: number;
  readonly limits: TransferLimits;
  /** Inward networks that may be reached, such as `10.1.0.0/16`; all others are refused. */
  readonly openNetworks: readonly string[];
  /** The rack's own services, which are never reached. */
  readonly ownServices: readonly Place[];
  /** A file with the certificates (PEM) of all authorities that are believed; default: the machine's. */
  readonly caFile?: string | undefined;
  /** The value of `PATH`. */
  readonly searchPath: string;
  /** Default: the system's. */
  readonly lookup?: Lookup;
}
