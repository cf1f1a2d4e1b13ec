import type { Writable } from 'node:stream';
import type { TableLook } from './format-table.js';
import { isPainted, paint } from './paint.js';

type Terminal = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Where what goes. */
export interface OutputOptions {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** Standard output is kept for the result alone: progress and logs go to standard error. */
  readonly isResultOnly: boolean;
  /** What the person wants; `undefined`: colour on a terminal. */
  readonly colour?: 'always' | 'never' | undefined;
}

/** Writes what a person or a script reads. */
export interface Output {
  /** Whether progress appears on a terminal. */
  readonly isTerminal: boolean;
  /** How tables in the result look. */
  readonly look: TableLook;
  /** Begins a step: `<text>... `. */
  start(text: string): void;
  /** Shows how far the step is, on a terminal only; a later call or the end of the step replaces it. */
  progress(text: string): void;
  /** Ends the step: `OK` or `OK, <detail>`. */
  ok(detail?: string): void;
  /** Writes a line of progress. */
  line(text: string): void;
  /** Writes a piece of a log as it came; a promise means: wait with the next one. */
  log(bytes: Buffer): Promise<void> | undefined;
  /** Writes to standard output, whatever else goes there. */
  result(text: string): void;
  /** Writes a line to standard error. */
  warn(text: string): void;
  /** Writes a question to standard error; the answer is typed behind it. */
  ask(text: string): void;
  /** Ends the line of a step that did not come to its end. */
  end(): void;
}

const CLEAR_LINE = '\r\x1b[K';

function waitForDrain(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}

/** Makes the output of one command. */
export function createOutput({ stdout, stderr, isResultOnly, colour }: OutputOptions): Output {
  const side = isResultOnly ? stderr : stdout;
  let step: string | undefined;
  const endLine = () => {
    if (step !== undefined) side.write('\n');
    step = undefined;
  };
  return {
    isTerminal: side.isTTY === true,
    // Read anew each time: the window may have changed. A terminal that does not know its width says 0.
    get look() {
      return { width: stdout.columns || undefined, isPainted: isPainted(stdout, colour) };
    },
    start: (text) => {
      step = `${text}... `;
      side.write(step);
    },
    progress: (text) => {
      if (side.isTTY === true && step !== undefined) side.write(`${CLEAR_LINE}${step}${text}`);
    },
    ok: (detail) => {
      const again = side.isTTY === true && step !== undefined ? `${CLEAR_LINE}${step}` : '';
      const word = isPainted(side, colour) ? paint('OK', 'green') : 'OK';
      side.write(`${again}${word}${detail === undefined ? '' : `, ${detail}`}\n`);
      step = undefined;
    },
    line: (text) => {
      endLine();
      side.write(`${text}\n`);
    },
    log: (bytes) => (side.write(bytes) ? undefined : waitForDrain(side)),
    result: (text) => void stdout.write(text),
    warn: (text) => {
      endLine();
      stderr.write(`${text}\n`);
    },
    ask: (text) => {
      endLine();
      stderr.write(text);
    },
    end: endLine,
  };
}
