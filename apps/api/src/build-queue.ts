import { BUILD_QUEUE_NAME, type BuildJob, buildJobId, CANCEL_CHANNEL } from '@convox-builds/domain';
import type { Logger } from '@convox-builds/runtime';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

const LOG_ERRORS_EVERY_MS = 10_000;
/** A Redis that does not answer within this time counts as away: nobody waits for it. */
const ANSWER_WITHIN_MS = 1000;

/** The doorbell: the only place that knows BullMQ in the api. Redis may be away; then rings are lost and rung again. */
export interface BuildQueue {
  /** Rings for an attempt; `false` when Redis is away. Ringing twice is harmless: the claim decides. */
  readonly ring: (job: BuildJob) => Promise<boolean>;
  /** Tells the workers that a build was cancelled. A message that is lost only costs time: the lease says it, too. */
  readonly announceCancel: (buildId: string) => Promise<boolean>;
  /** Resolves when Redis answers; rejects when it does not. */
  readonly checkHealth: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A Redis that is away makes thousands of errors a second. */
function createErrorLog(logger: Logger): (error: unknown) => void {
  let nextAt = 0;
  return (error) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + LOG_ERRORS_EVERY_MS;
    logger.warn({ err: error }, 'Redis is away');
  };
}

/** Connects to the queue. A request is never kept waiting by a Redis that is away, and does not fail by it. */
export function createBuildQueue(redisUrl: string, logger: Logger): BuildQueue {
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: ANSWER_WITHIN_MS,
  });
  const logError = createErrorLog(logger);
  redis.on('error', logError);
  const queue = new Queue<BuildJob>(BUILD_QUEUE_NAME, { connection: redis });
  queue.on('error', logError);

  async function isDone(act: () => Promise<unknown>): Promise<boolean> {
    // BullMQ would wait for the connection.
    if (redis.status !== 'ready') return false;
    try {
      await act();
      return true;
    } catch (error) {
      logError(error);
      return false;
    }
  }

  return {
    ring: (job) =>
      isDone(() =>
        // The database owns retries, and history.
        queue.add('build', job, { jobId: buildJobId(job), attempts: 1, removeOnComplete: true, removeOnFail: true }),
      ),
    announceCancel: (buildId) => isDone(() => redis.publish(CANCEL_CHANNEL, buildId)),
    checkHealth: async () => {
      if (!(await isDone(() => redis.ping()))) throw new Error('Redis is away');
    },
    close: async () => {
      // A connection that never was cannot be said good-bye to.
      if (redis.status === 'ready') await queue.close().catch(logError);
      redis.disconnect();
    },
  };
}
