import { z } from 'zod';

/**
 * Names the BullMQ queue that rings one worker: the dispatcher has decided who builds.
 *
 * @param worker its name, which stays the same when it is started again
 */
export function buildQueueName(worker: string): string {
  // BullMQ refuses colons.
  return `builds-${worker.replaceAll(':', '_')}`;
}

/** What a BullMQ job carries: never more than who is meant. The row in the database is the truth. */
export const buildJobSchema = z.object({
  /** The build to claim. */
  buildId: z.string(),
  /** The attempt that the claim starts, counted from 1: the row's `attempt` plus one. */
  attempt: z.number().int().positive(),
});

/** The payload of a job of a worker's queue. */
export type BuildJob = z.infer<typeof buildJobSchema>;

/**
 * Names the BullMQ job of one attempt. It contains the attempt because BullMQ silently ignores a job id that it has
 * seen before, and it avoids `:` and purely numeric ids, which BullMQ refuses.
 */
export function buildJobId(job: BuildJob): string {
  return `${job.buildId}-${job.attempt}`;
}

/** The Redis channel on which new log chunks of a build are announced; the message is the chunk's sequence number. */
export function logChannel(buildId: string): string {
  return `build-log:${buildId}`;
}

/** The Redis channel on which workers hear of cancelled builds; the message is the build id. */
export const CANCEL_CHANNEL = 'build-cancel';

/** The Redis channel on which workers tell that a slot of theirs is free; the message is the worker's name. */
export const SLOT_CHANNEL = 'build-slot';
