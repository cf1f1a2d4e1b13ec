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

/** A line ends with a line feed, a carriage return, or both. The first is quicker to look for alone. */
const splitLines = (text: string) => text.split(text.includes('\r') ? /\r\n|\n|\r/ : '\n');

/** Puts the outputs of steps together to lines, `prefix | text`. Steps and their streams are kept apart. */
export function createStepOutputs(service: string, log: Pick<BuildLog, 'lines' | 'longLine'>): StepOutputs {
  const prefix = `${service} | `;
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
    output.longLine ??= log.longLine(prefix);
    output.longLine.push(output.rest);
    output.rest = '';
  }

  function endLine(output: Output): void {
    cutLine(output);
    output.longLine?.push(output.rest);
    if (output.longLine === undefined) log.lines(prefix, [output.rest]);
    else output.longLine.end();
    output.longLine = undefined;
    output.rest = '';
  }

  /** Writes lines that came as a whole. */
  function writeLines(output: Output, lines: readonly string[]): void {
    if (lines.every(({ length }) => length <= MAX_LINE_LENGTH)) return log.lines(prefix, lines);
    for (const line of lines) {
      output.rest = line;
      endLine(output);
    }
  }

  function add(vertex: string, stream: number, bytes: Buffer): void {
    const output = outputOf(vertex, stream);
    const text = (output.isReturnHeld ? '\r' : '') + output.decoder.write(bytes);
    output.isReturnHeld = text.endsWith('\r');
    const [first = '', ...more] = splitLines(output.isReturnHeld ? text.slice(0, -1) : text);
    output.rest += first;
    const last = more.pop();
    if (last !== undefined) {
      endLine(output);
      writeLines(output, more);
      output.rest = last;
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
