import { StringDecoder } from 'node:string_decoder';

import type { SolveStatus, Vertex } from '@convox-builds/buildkit-client';

import type { BuildLog } from './build-log.js';
import { type LongLine, MAX_LINE_LENGTH } from './long-line.js';

/** Turns what BuildKit reports of one solve into lines of the log. */
export interface SolveLog {
  readonly add: (status: SolveStatus) => void;
  /** Writes what is left of unfinished lines. */
  readonly end: () => void;
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

/** What is BuildKit's own plumbing is shown only when it fails. */
function isPlumbing(name: string): boolean {
  return name.startsWith('[internal]') || name.startsWith('[auth]') || name === 'exporting to image';
}

/** A step's name without what nobody reads: the digest of a base image stands in the build's record. */
function shortName({ name }: Vertex): string {
  return name
    .replace(/@sha256:[a-f0-9]{64}/g, '')
    .replace(/^(.{500}).*$/s, '$1…')
    .replaceAll('\n', ' ');
}

function formatSeconds({ started, completed }: Vertex): string {
  if (started === undefined || completed === undefined) return '';
  return ` ${((completed.getTime() - started.getTime()) / 1000).toFixed(1)}s`;
}

/**
 * Makes the log of one solve. Each line begins with `prefix`: steps as `prefix [2/3] RUN make`, their end as
 * `… DONE 1.2s`, `… CACHED` or `… ERROR`, their output as `prefix | text`.
 */
export function createSolveLog(prefix: string, log: Pick<BuildLog, 'line' | 'longLine'>): SolveLog {
  const shown = new Map<string, 'started' | 'ended'>();
  const outputs = new Map<string, Output>();
  const warnings = new Set<string>();

  function writeVertex(vertex: Vertex): void {
    if (isPlumbing(vertex.name) && vertex.error === undefined) return;
    const before = shown.get(vertex.digest);
    if (vertex.started !== undefined && before === undefined && !vertex.isCached) {
      shown.set(vertex.digest, 'started');
      log.line(`${prefix} ${shortName(vertex)}`);
    }
    if (vertex.completed === undefined || before === 'ended') return;
    endOutputs(vertex.digest);
    shown.set(vertex.digest, 'ended');
    if (vertex.error !== undefined) log.line(`${prefix} ${shortName(vertex)} ERROR${formatSeconds(vertex)}`);
    else log.line(`${prefix} ${shortName(vertex)} ${vertex.isCached ? 'CACHED' : `DONE${formatSeconds(vertex)}`}`);
  }

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

  function writeOutput(vertex: string, stream: number, bytes: Buffer): void {
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

  function endOutputs(ofVertex?: string): void {
    for (const [key, output] of outputs) {
      if (ofVertex !== undefined && output.vertex !== ofVertex) continue;
      output.rest += output.decoder.end();
      if (output.rest !== '' || output.longLine !== undefined) endLine(output);
      outputs.delete(key);
    }
  }

  return {
    add: ({ vertexes, logs, warnings: found }) => {
      for (const vertex of vertexes) if (vertex.completed === undefined) writeVertex(vertex);
      for (const { vertex, stream, bytes } of logs) writeOutput(vertex, stream, bytes);
      for (const vertex of vertexes) if (vertex.completed !== undefined) writeVertex(vertex);
      for (const { message, file, line } of found) {
        const text = `${prefix} warning: ${file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `}${message}`;
        if (!warnings.has(text)) log.line(text);
        warnings.add(text);
      }
    },
    end: () => endOutputs(),
  };
}
