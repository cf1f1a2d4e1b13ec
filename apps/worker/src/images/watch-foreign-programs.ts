import type { SolveStatus } from '@convox-builds/buildkit-client';

/** What the kernel says of a program for another processor, as runc reports it for a step. */
const FOREIGN = Buffer.from('exec format error');

/** Watches the output of a solve for programs that this machine cannot run. */
export interface ForeignPrograms {
  readonly add: (status: Pick<SolveStatus, 'logs'>) => void;
  readonly isSeen: () => boolean;
}

/** Creates a watch that has seen nothing. */
export function watchForeignPrograms(): ForeignPrograms {
  let isSeen = false;
  return {
    add: ({ logs }) => {
      isSeen ||= logs.some(({ bytes }) => bytes.includes(FOREIGN));
    },
    isSeen: () => isSeen,
  };
}
