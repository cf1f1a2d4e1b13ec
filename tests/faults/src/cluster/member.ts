import type { FaultPointName, Service } from '@convox-builds/testing';

/** What happens at a fault point: see `readFaultPoint()`. */
export type Fault = `${FaultPointName}:${'exit' | 'stop' | 'sleep' | 'block' | 'throw'}`;

/** A process of the cluster, with its port and its folder: what is killed can be started again. */
export interface Member {
  readonly name: string;
  readonly pid: () => number;
  /** Starts it, healthy or with a fault in it, and waits until it can be used. */
  readonly start: (fault?: Fault) => Promise<void>;
  /** Ends it, and waits for that. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
  /** Freezes it. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Resolves when the process that runs now has ended: by its fault. */
  readonly ended: () => Promise<void>;
  readonly isRunning: () => boolean;
  /** How processes of this name ended that nobody had killed. */
  readonly unexpectedEnds: () => readonly string[];
  /** The end of what its processes have written. */
  readonly output: () => string;
}

const MAX_OUTPUT = 256 * 1024;

/** Makes a member that is not running yet. */
export function createMember(name: string, launch: (fault: Fault | undefined) => Promise<Service>): Member {
  const unexpected: string[] = [];
  let earlier = '';
  let current: Service | undefined;
  let isEndExpected = true;

  const running = (): Service => {
    if (current === undefined) throw new Error(`Cannot reach ${name}: it does not run`);
    return current;
  };

  function watch(service: Service): void {
    void service.exited.then(({ code, signal }) => {
      if (!isEndExpected) unexpected.push(`${name} ended by itself with ${signal ?? code}`);
      earlier = (earlier + service.output()).slice(-MAX_OUTPUT);
      if (current === service) current = undefined;
    });
  }

  return {
    name,
    pid: () => running().pid,
    start: async (fault) => {
      if (current !== undefined) throw new Error(`Cannot start ${name}: it runs`);
      isEndExpected = fault !== undefined;
      current = await launch(fault);
      watch(current);
    },
    kill: async (signal = 'SIGKILL') => {
      isEndExpected = true;
      await current?.stop(signal);
    },
    pause: () => running().signal('SIGSTOP'),
    resume: () => running().signal('SIGCONT'),
    ended: async () => void (await current?.exited),
    isRunning: () => current !== undefined,
    unexpectedEnds: () => unexpected,
    output: () => earlier + (current?.output() ?? ''),
  };
}
