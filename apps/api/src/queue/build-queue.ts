import { type BuildJob, buildJobId, buildQueueName, CANCEL_CHANNEL, SLOT_CHANNEL } from '@convox-builds/domain';
import { createErrorLog, type Logger } from '@convox-builds/runtime';
import type { RungBuild } from '@convox-builds/store';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

/** A Redis that does not answer within this time counts as away: nobody waits for it. */
const ANSWER_WITHIN_MS = 1000;

/** The doorbell: the only place that knows BullMQ in the api. Redis may be away; then rings are lost and rung again. */
export interface BuildQueue {
  /**
   * Rings a worker for what it was given; `false` when Redis is away. Ringing twice is harmless: the claim decides. A
   * ring that is lost only costs time: workers look for themselves, too.
   */
  readonly ring: (build: RungBuild) => Promise<boolean>;
  /** Calls back when a worker says that a slot is free. */
  readonly onSlotFree: (listener: () => void) => void;
  /** Tells the workers that a build was cancelled. A message that is lost only costs time: the lease says it, too. */
  readonly announceCancel: (buildId: string) => Promise<boolean>;
  /** Resolves when Redis answers; rejects when it does not. */
  readonly checkHealth: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Connects to the queue. A request is never kept waiting by a Redis that is away, and does not fail by it. */
export function createBuildQueue(redisUrl: string, logger: Logger): BuildQueue {
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: ANSWER_WITHIN_MS,
  });
  const logError = createErrorLog(logger, 'Redis is away');
  redis.on('error', logError);
  const subscriber = new Redis(redisUrl, { maxRetriesPerRequest: null });
  subscriber.on('error', logError);
  const queues = new Map<string, Queue<BuildJob>>();

  function queueOf(worker: string): Queue<BuildJob> {
    const name = buildQueueName(worker);
    const queue = queues.get(name) ?? new Queue<BuildJob>(name, { connection: redis });
    if (!queues.has(name)) queue.on('error', logError);
    queues.set(name, queue);
    return queue;
  }

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
    ring: ({ worker, buildId, attempt }) => {
      const job = { buildId, attempt };
      // The database owns retries, and history.
      const options = { jobId: buildJobId(job), attempts: 1, removeOnComplete: true, removeOnFail: true };
      return isDone(() => queueOf(worker).add('build', job, options));
    },
    onSlotFree: (listener) => {
      subscriber.on('message', listener);
      subscriber.subscribe(SLOT_CHANNEL).catch(logError);
    },
    announceCancel: (buildId) => isDone(() => redis.publish(CANCEL_CHANNEL, buildId)),
    checkHealth: async () => {
      if (!(await isDone(() => redis.ping()))) throw new Error('Redis is away');
    },
    close: async () => {
      // A connection that never was cannot be said good-bye to.
      if (redis.status === 'ready')
        await Promise.all([...queues.values()].map((queue) => queue.close().catch(logError)));
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}
