import type { RackClient } from '../http/rack-client.js';
import type { Output } from '../terminal/output.js';
import { canAsk, readLine } from '../terminal/read-line.js';
import { cancelBuild } from './cancel-build.js';

const INTERRUPTED_EXIT_CODE = 130;

/** Which build is followed, and who tells the person about it. */
export interface InterruptOptions {
  readonly app: string;
  readonly id: string;
  readonly output: Output;
}

/** What Ctrl-C does while a build is followed. */
export interface InterruptWatch {
  /** Writes a piece of the log; while a question is open it waits for the answer. */
  readonly log: (bytes: Buffer) => Promise<void> | undefined;
  /** Leaves Ctrl-C to itself again. */
  readonly stop: () => void;
}

/**
 * Until stopped, Ctrl-C asks on a terminal whether to cancel the build: `y` does, and the log goes on to its end; any
 * other answer leaves the build alone and ends the command, as does Ctrl-C a second time, or off a terminal the first.
 */
export function watchInterrupt(rack: RackClient, { app, id, output }: InterruptOptions): InterruptWatch {
  let question: Promise<void> | undefined;

  function leave(): never {
    output.warn(`\nBuild ${id} goes on. Follow it with: convox builds logs ${id} -a ${app}`);
    process.exit(INTERRUPTED_EXIT_CODE);
  }

  async function ask(): Promise<void> {
    output.ask(`\nBuild ${id} is running. Cancel it? [y/N] `);
    const answer = await readLine();
    if (!/^y(?:es)?$/i.test(answer.trim())) leave();
    try {
      output.start(`Cancelling build ${id}`);
      await cancelBuild(rack, { app, id });
      output.ok();
    } catch (error) {
      // It may have ended meanwhile; what it came to is told at the end.
      output.warn(`warning: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  const onInterrupt = () => {
    if (question !== undefined || !canAsk()) leave();
    question = ask();
  };
  process.on('SIGINT', onInterrupt);
  return {
    log: (bytes) => (question === undefined ? output.log(bytes) : question.then(() => output.log(bytes))),
    stop: () => void process.off('SIGINT', onInterrupt),
  };
}
