/**
 * Who waits for a build, most urgent first: a person at a terminal, a deployment, or nobody in particular (a push, a
 * schedule).
 */
export const BUILD_LANES = ['interactive', 'deploy', 'automatic'] as const;

/** A lane of the queue. */
export type BuildLane = (typeof BUILD_LANES)[number];
