import { randomUUID } from 'node:crypto';

import { type Logger, startLoop } from '@convox-builds/runtime';

const EVERY_MS = 1000;
const DEFAULT_AT_ONCE = 64;
/** Nobody renews a lease: it has to outlast a try, and the recording of it. */
const LEASE_MARGIN_MS = 5000;
const FINISH_WITHIN_MS = 2000;

/** What a sender takes up, and how it sends it. */
export interface SenderWork<Item> {
  /** In the log: `deliveries`. */
  readonly name: string;
  readonly logger: Logger;
  /** How many are sent at once at most, default 64. */
  readonly atOnce?: number;
  /** How long sending one may take at most. */
  readonly tryMs: number;
  readonly claim: (lease: { owner: string; leaseMs: number; limit: number }) => Promise<readonly Item[]>;
  /** Sends one and records what came of it; when it rejects, the lease runs out and it is sent again. */
  readonly send: (item: Item, stopping: AbortSignal) => Promise<void>;
  /** Hands one back that was not sent to its end. */
  readonly release: (item: Item) => Promise<void>;
}

/** Sends what others have written down, together with the senders of the other replicas. */
export interface Sender {
  /** Looks for what is to be sent now. */
  readonly wake: () => void;
  /** Sends nothing any more, gives what is on its way a moment, and hands the rest back. */
  readonly close: () => Promise<void>;
}

/** Starts a sender of a replica. */
export function startSender<Item extends { readonly id: string }>(work: SenderWork<Item>): Sender {
  const { name, logger, tryMs, claim, release, atOnce = DEFAULT_AT_ONCE } = work;
  const stopping = new AbortController();
  const sending = new Set<Promise<void>>();

  async function send(item: Item): Promise<void> {
    try {
      await work.send(item, stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
      await release(item);
    }
  }

  async function takeUp(): Promise<void> {
    const limit = atOnce - sending.size;
    if (limit === 0) return;
    for (const item of await claim({ owner: randomUUID(), leaseMs: tryMs + LEASE_MARGIN_MS, limit })) {
      const ended = send(item)
        .catch((error: unknown) =>
          logger.warn({ err: error, sender: name, id: item.id }, 'Cannot record what was sent'),
        )
        .finally(() => {
          sending.delete(ended);
          loop.wake();
        });
      sending.add(ended);
    }
  }

  const loop = startLoop(
    () =>
      takeUp().catch((error: unknown) =>
        logger.warn({ err: error, sender: name }, 'Cannot take up what is to be sent'),
      ),
    { everyMs: EVERY_MS },
  );
  return {
    wake: loop.wake,
    close: async () => {
      await loop.stop();
      const force = setTimeout(() => stopping.abort(new Error('the api is stopping')), FINISH_WITHIN_MS);
      await Promise.all(sending);
      clearTimeout(force);
    },
  };
}
