import { BUILD_QUEUE_NAME, type BuildJob, buildJobId, CANCEL_CHANNEL } from '@convox-builds/domain';
import type { Logger } from '@convox-builds/runtime';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

const LOG_ERRORS_EVERY_MS = 10_000;

/** The doorbell: the only place that knows BullMQ in the api. Redis may be away; then rings are lost and rung again. */
export interface BuildQueue {
  /** Rings for an attempt; `false` when Redis is away. Ringing twice is harmless: the claim decides. */
  readonly ring: (job: BuildJob) => Promise<boolean>;
  /** Tells the workers that a build was cancelled. */
  readonly announceCancel: (buildId: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

function logSometimes(logger: Logger): (error: Error) => void {
  let loggedAt = 0;
  return (error) => {
    if (Date.now() - loggedAt < LOG_ERRORS_EVERY_MS) return;
    loggedAt = Date.now();
    logger.warn({ err: error }, 'Redis is away');
  };
}

/** Connects to the queue. Nothing waits for a Redis that is away: a request is answered without it. */
export function createBuildQueue(redisUrl: string, logger: Logger): BuildQueue {
  const connection = new Redis(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const queue = new Queue<BuildJob>(BUILD_QUEUE_NAME, { connection });
  const onError = logSometimes(logger);
  connection.on('error', onError);
  queue.on('error', onError);
  return {
    ring: async (job) => {
      try {
        await queue.add('build', job, {
          jobId: buildJobId(job),
          attempts: 1,
          removeOnComplete: true,
          removeOnFail: true,
        });
        return true;
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)));
        return false;
      }
    },
    announceCancel: async (buildId) => {
      // The worker also learns it from its lease; this only makes it quick.
      await connection.publish(CANCEL_CHANNEL, buildId).catch(onError);
    },
    close: async () => {
      await queue.close();
      connection.disconnect();
    },
  };
}
