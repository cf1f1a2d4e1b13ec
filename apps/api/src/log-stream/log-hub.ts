import { EventEmitter } from 'node:events';

import { logChannel } from '@convox-builds/domain';
import type { Logger } from '@convox-builds/runtime';
import { Redis } from 'ioredis';

/** Without news a reader looks at the table anyway, this often: Redis may be away. */
const LOOK_EVERY_MS = 1000;

/** Tells readers of logs that there is more to read. What there is, they read from the table. */
export interface LogHub {
  /** Wakes the readers of a build on this replica. */
  readonly wake: (buildId: string) => void;
  /** Subscribes to a build's news; call it before reading the table, so that nothing falls in between. */
  readonly subscribe: (buildId: string) => LogSubscription;
  readonly close: () => void;
}

/** One reader's subscription. */
interface LogSubscription {
  /** Resolves at the next news, at once when there were some since the last call, after a second, or when aborted. */
  readonly wait: (signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
}

/** Connects to the channels on which workers announce chunks. */
export function createLogHub(redisUrl: string, logger: Logger): LogHub {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  redis.on('error', (error: Error) => logger.debug({ err: error }, 'Redis is away'));
  const news = new EventEmitter().setMaxListeners(0);
  redis.on('message', (channel) => news.emit(channel));

  function listenTo(channel: string): void {
    // What was announced before the subscription held is news, too.
    redis.subscribe(channel).then(
      () => news.emit(channel),
      (error: unknown) => logger.debug({ err: error }, 'Cannot subscribe'),
    );
  }

  function subscribe(buildId: string): LogSubscription {
    const channel = logChannel(buildId);
    let isNew = false;
    let wakeUp: (() => void) | undefined;
    const listener = () => {
      isNew = true;
      wakeUp?.();
    };
    news.on(channel, listener);
    if (news.listenerCount(channel) === 1) listenTo(channel);
    const wait = async (signal: AbortSignal) => {
      if (!isNew && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_EVERY_MS);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener('abort', wakeUp, { once: true });
        });
        if (wakeUp !== undefined) signal.removeEventListener('abort', wakeUp);
        wakeUp = undefined;
      }
      isNew = false;
    };
    const close = () => {
      news.off(channel, listener);
      if (news.listenerCount(channel) === 0) redis.unsubscribe(channel).catch(() => {});
    };
    return { wait, close };
  }

  return { wake: (buildId) => void news.emit(logChannel(buildId)), subscribe, close: () => redis.disconnect() };
}
