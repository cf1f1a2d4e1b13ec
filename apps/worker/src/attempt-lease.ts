import type { Claim, Store } from '@convox-builds/store';

import { AttemptStop } from './attempt.js';

/** What keeps an attempt's lease alive. */
export interface LeaseOptions {
  readonly store: { readonly attempts: Pick<Store['attempts'], 'renewLease'> };
  readonly claim: Claim;
  /** How long the lease lasts on the database's clock. */
  readonly leaseMs: number;
  /** Aborted when the build is not ours any more: cancelled, or somebody else's. */
  readonly controller: AbortController;
  /** Called when the attempt is given up because the lease was not renewed in time. */
  readonly onLapse: () => void;
}

/**
 * Renews an attempt's lease until `stop()`. When no renewal has succeeded for three quarters of the lease (on our own
 * monotonic clock) the attempt is aborted: before anybody else can take the build up.
 */
export function keepLease({ store, claim, leaseMs, controller, onLapse }: LeaseOptions): { stop: () => void } {
  let renewedAt = performance.now();
  let isRenewing = false;

  async function renew(): Promise<void> {
    const askedAt = performance.now();
    if (!(await store.attempts.renewLease(claim, { leaseMs }))) return controller.abort(new AttemptStop('lost'));
    renewedAt = askedAt;
  }

  function giveUp(): void {
    if (!controller.signal.aborted) onLapse();
    controller.abort(new AttemptStop('lost'));
  }

  function tick(): void {
    if (performance.now() - renewedAt > leaseMs * 0.75) return giveUp();
    if (isRenewing) return;
    isRenewing = true;
    renew()
      // A database that is away is no verdict: the clock above decides.
      .catch(() => {})
      .finally(() => {
        isRenewing = false;
      });
  }

  const timer = setInterval(tick, Math.min(leaseMs / 6, 5000));
  return { stop: () => clearInterval(timer) };
}
