import { setTimeout as sleep } from 'node:timers/promises';

/** The places in a build's life at which a test can make a process fail. */
export const FAULT_POINTS = [
  'after-accept-commit',
  'before-enqueue',
  'before-claim',
  'after-claim',
  'after-fetch',
  'during-solve',
  'before-push',
  'after-push',
  'after-verify',
  'before-commit',
  'after-commit',
  'before-ack',
] as const;

/** A place in a build's life. */
export type FaultPointName = (typeof FAULT_POINTS)[number];

/** Says that a process has come to a fault point; what happens there is the test's choice. */
export type ReachFaultPoint = (name: FaultPointName) => Promise<void>;

const SLEEP_MS = 5000;
/** Longer than the lease of a test. */
const BLOCK_MS = 12_000;

/** What happens at a fault point. A process that kills itself never gets to the next statement. */
const ACTIONS: Readonly<Record<string, () => Promise<void> | void>> = {
  exit: () => void process.kill(process.pid, 'SIGKILL'),
  stop: () => void process.kill(process.pid, 'SIGSTOP'),
  sleep: () => sleep(SLEEP_MS),
  // Nothing else happens in this thread meanwhile.
  block: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCK_MS),
  throw: () => {
    throw new Error('A test wanted this to fail');
  },
};

/**
 * Reads which fault a test wants: `FAULT=<point>:<action>`, once in the life of a process. Only the entry points in
 * `testing/` folders call this: a production build has no such switch.
 *
 * @throws {SyntaxError} for a point or an action that there is not
 */
export function readFaultPoint(setting: string = process.env['FAULT'] ?? ''): ReachFaultPoint {
  const [wanted = '', actionName = ''] = setting.split(':');
  const action = ACTIONS[actionName];
  const isKnown = FAULT_POINTS.some((name) => name === wanted) && action !== undefined;
  if (setting !== '' && !isKnown) throw new SyntaxError(`Cannot read fault "${setting}": expected <point>:<action>`);
  let isDone = setting === '';
  return async (name) => {
    if (isDone || name !== wanted) return;
    isDone = true;
    await action?.();
  };
}

/** Puts fault points before and after an asynchronous function. */
export function withFaultPoints<Args extends unknown[], Result>(
  act: (...args: Args) => Promise<Result>,
  { reach, before, after }: { reach: ReachFaultPoint; before?: FaultPointName; after?: FaultPointName },
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    if (before !== undefined) await reach(before);
    const result = await act(...args);
    if (after !== undefined) await reach(after);
    return result;
  };
}
