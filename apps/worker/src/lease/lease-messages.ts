import type { Claim } from '@convox-builds/store';

/** What the thread is started with. */
export interface LeaseThreadData {
  readonly databaseUrl: string;
  readonly leaseMs: number;
}

/** What the main thread says: whose lease to keep from now on, whose no longer, and that it is there. */
export type ToLeaseThread =
  | { readonly type: 'keep'; readonly claim: Claim }
  | { readonly type: 'drop'; readonly claim: Claim }
  | { readonly type: 'alive' }
  | { readonly type: 'close' };

/** What the thread says: that a build is not ours any more. */
export interface FromLeaseThread {
  readonly lost: Claim;
  /** Because it was not renewed in time. */
  readonly isLapsed: boolean;
}

/** Names a claim among those of this process. */
export const keyOf = ({ buildId, attempt }: Claim) => `${buildId}-${attempt}`;
