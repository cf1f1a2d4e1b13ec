import type { Claim, LeaseRepository } from '@convox-builds/store';

/** What keeps an attempt's lease alive. */
export interface LeaseOptions {
  readonly leases: Pick<LeaseRepository, 'renew'>;
  readonly claim: Claim;
  /** How long the lease lasts on the database's clock. */
  readonly leaseMs: number;
  /**
   * Called once when the build is not ours any more: cancelled, somebody else's, or, with `isLapsed`, because the lease
   * was not renewed in time.
   */
  readonly onLost: (loss: { isLapsed: boolean }) => void;
}

/**
 * Renews an attempt's lease until `stop()`. When no renewal has succeeded for three quarters of the lease (on our own
 * monotonic clock) it counts as lost: before anybody else can take the build up.
 */
export function keepLease({ leases, claim, leaseMs, onLost }: LeaseOptions): { stop: () => void } {
  let renewedAt = performance.now();
  let isRenewing = false;
  let isLost = false;

  function lose(loss: { isLapsed: boolean }): void {
    clearInterval(timer);
    if (!isLost) onLost(loss);
    isLost = true;
  }

  async function renew(): Promise<void> {
    const askedAt = performance.now();
    if (!(await leases.renew(claim, { leaseMs }))) return lose({ isLapsed: false });
    renewedAt = askedAt;
  }

  function tick(): void {
    if (performance.now() - renewedAt > leaseMs * 0.75) return lose({ isLapsed: true });
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
