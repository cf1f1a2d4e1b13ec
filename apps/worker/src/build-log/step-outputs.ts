import { StringDecoder } from 'node:string_decoder';

import type { BuildLog } from './build-log.js';
import { type LongLine, MAX_LINE_LENGTH } from './long-line.js';

/** What the steps of a solve print: bytes in pieces in, whole lines out. */
export interface StepOutputs {
  readonly add: (vertex: string, stream: number, bytes: Buffer) => void;
  /** Writes what is left of unfinished lines, of one step or of all. */
  readonly end: (vertex?: string) => void;
}

/** One stream of a step, and what it has of a line that has not ended. */
interface Output {
  readonly vertex: string;
  readonly decoder: StringDecoder;
  rest: string;
  /** The last piece ended with a carriage return: a line feed at the start of the next one belongs to it. */
  isReturnHeld: boolean;
  longLine: LongLine | undefined;
}

/** Puts the outputs of steps together to lines, `prefix | text`. Steps and their streams are kept apart. */
export function createStepOutputs(prefix: string, log: Pick<BuildLog, 'line' | 'longLine'>): StepOutputs {
  const outputs = new Map<string, Output>();

  function outputOf(vertex: string, stream: number): Output {
    const key = `${vertex} ${stream}`;
    const begun = { vertex, decoder: new StringDecoder('utf8'), rest: '', isReturnHeld: false, longLine: undefined };
    const output = outputs.get(key) ?? begun;
    outputs.set(key, output);
    return output;
  }

  /** Gives away what is there of a line that has become too long. */
  function cutLine(output: Output): void {
    if (output.rest.length <= MAX_LINE_LENGTH) return;
    output.longLine ??= log.longLine(`${prefix} | `);
    output.longLine.push(output.rest);
    output.rest = '';
  }

  function endLine(output: Output): void {
    cutLine(output);
    output.longLine?.push(output.rest);
    if (output.longLine === undefined) log.line(`${prefix} | ${output.rest}`);
    else output.longLine.end();
    output.longLine = undefined;
    output.rest = '';
  }

  function add(vertex: string, stream: number, bytes: Buffer): void {
    const output = outputOf(vertex, stream);
    const text = (output.isReturnHeld ? '\r' : '') + output.decoder.write(bytes);
    output.isReturnHeld = text.endsWith('\r');
    const [first = '', ...more] = (output.isReturnHeld ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
    output.rest += first;
    for (const line of more) {
      endLine(output);
      output.rest = line;
    }
    cutLine(output);
  }

  function end(ofVertex?: string): void {
    for (const [key, output] of outputs) {
      if (ofVertex !== undefined && output.vertex !== ofVertex) continue;
      output.rest += output.decoder.end();
      if (output.rest !== '' || output.longLine !== undefined) endLine(output);
      outputs.delete(key);
    }
  }

  return { add, end };
}
