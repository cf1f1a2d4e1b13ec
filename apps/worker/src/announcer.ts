import { CANCEL_CHANNEL, logChannel, SLOT_CHANNEL } from '@convox-builds/domain';
import type { Logger } from '@convox-builds/runtime';
import { Redis } from 'ioredis';

/** Tells and hears what is new over Redis. Nothing here is the truth: a message that is lost only costs time. */
export interface Announcer {
  readonly announceLog: (buildId: string, seq: number) => void;
  readonly announceEnd: (buildId: string) => void;
  /** Tells that a worker has a slot free. */
  readonly announceSlot: (worker: string) => void;
  /** Calls back with the id of each build that somebody cancels. */
  readonly onCancel: (listener: (buildId: string) => void) => Promise<void>;
  readonly close: () => void;
}

/** Connects to Redis; while it is away announcements are dropped, and the log's readers fall back to reading the table. */
export function createAnnouncer(redisUrl: string, logger: Logger): Announcer {
  const publisher = new Redis(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const subscriber = new Redis(redisUrl, { maxRetriesPerRequest: null });
  for (const redis of [publisher, subscriber]) {
    redis.on('error', (error: Error) => logger.debug({ err: error }, 'Redis is away'));
  }
  const publish = (channel: string, message: string) => {
    publisher
      .publish(channel, message)
      .catch((error: unknown) => logger.debug({ err: error, channel }, 'Announcement dropped'));
  };
  return {
    announceLog: (buildId, seq) => publish(logChannel(buildId), String(seq)),
    announceEnd: (buildId) => publish(logChannel(buildId), 'end'),
    announceSlot: (worker) => publish(SLOT_CHANNEL, worker),
    onCancel: async (listener) => {
      subscriber.on('message', (_channel, buildId) => listener(buildId));
      await subscriber.subscribe(CANCEL_CHANNEL);
    },
    close: () => {
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}
