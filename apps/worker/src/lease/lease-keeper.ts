import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { Claim } from '@convox-builds/store';

import { type FromLeaseThread, keyOf, type LeaseThreadData, type ToLeaseThread } from './lease-messages.js';

const ALIVE_EVERY_MS = 1000;

/** Hears that a build is not ours any more; `isLapsed`: because its lease was not renewed in time. */
type OnLost = (loss: { readonly isLapsed: boolean }) => void;

/** Keeps the leases of this worker's builds, from a thread and over a connection of its own. */
export interface LeaseKeeper {
  /**
   * Renews a lease until it is dropped.
   *
   * @param onLost called once when the build is not ours any more: cancelled, somebody else's, or not renewed in time
   */
  readonly keep: (claim: Claim, onLost: OnLost) => { readonly drop: () => void };
  readonly close: () => Promise<void>;
}

/** Starts the thread. What keeps this one busy, be it for half a minute, makes no lease lapse. */
export function startLeaseKeeper(data: LeaseThreadData): LeaseKeeper {
  const thread = new Worker(new URL('lease-thread.js', import.meta.url), { workerData: data });
  const losers = new Map<string, OnLost>();
  const tell = (message: ToLeaseThread) => thread.postMessage(message);
  thread.on('message', ({ lost, isLapsed }: FromLeaseThread) => losers.get(keyOf(lost))?.({ isLapsed }));
  // Without it every lease lapses, and the builds go to others: no reason to stay.
  thread.on('error', (error) => {
    throw new Error(`The leases are not kept any more: ${error.message}`, { cause: error });
  });
  const alive = setInterval(() => tell({ type: 'alive' }), ALIVE_EVERY_MS);
  return {
    keep: (claim, onLost) => {
      losers.set(keyOf(claim), onLost);
      tell({ type: 'keep', claim });
      return {
        drop: () => {
          losers.delete(keyOf(claim));
          tell({ type: 'drop', claim });
        },
      };
    },
    close: async () => {
      clearInterval(alive);
      const ended = once(thread, 'exit');
      tell({ type: 'close' });
      await ended;
    },
  };
}
