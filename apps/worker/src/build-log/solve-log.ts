import { StringDecoder } from 'node:string_decoder';

import type { SolveStatus, Vertex } from '@convox-builds/buildkit-client';

import { isPlumbing } from './is-plumbing.js';

/** A line of output longer than this is cut into several. */
const MAX_LINE_LENGTH = 64 * 1024;

/** Turns what BuildKit reports of one solve into lines of the log. */
export interface SolveLog {
  readonly add: (status: SolveStatus) => void;
  /** Writes what is left of unfinished lines. */
  readonly end: () => void;
}

interface Output {
  readonly vertex: string;
  readonly decoder: StringDecoder;
  rest: string;
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
export function createSolveLog(prefix: string, write: (line: string) => void): SolveLog {
  const shown = new Map<string, 'started' | 'ended'>();
  const outputs = new Map<string, Output>();
  const warnings = new Set<string>();

  function writeVertex(vertex: Vertex): void {
    // What is BuildKit's own is shown only when it fails.
    if (isPlumbing(vertex.name) && vertex.error === undefined) return;
    const before = shown.get(vertex.digest);
    if (vertex.started !== undefined && before === undefined && !vertex.isCached) {
      shown.set(vertex.digest, 'started');
      write(`${prefix} ${shortName(vertex)}`);
    }
    if (vertex.completed === undefined || before === 'ended') return;
    endOutputs(vertex.digest);
    shown.set(vertex.digest, 'ended');
    if (vertex.error !== undefined) write(`${prefix} ${shortName(vertex)} ERROR${formatSeconds(vertex)}`);
    else write(`${prefix} ${shortName(vertex)} ${vertex.isCached ? 'CACHED' : `DONE${formatSeconds(vertex)}`}`);
  }

  function writeOutput(vertex: string, stream: number, bytes: Buffer): void {
    const key = `${vertex} ${stream}`;
    const output = outputs.get(key) ?? { vertex, decoder: new StringDecoder('utf8'), rest: '' };
    outputs.set(key, output);
    const lines = (output.rest + output.decoder.write(bytes)).split(/\r\n|\n|\r(?!$)/);
    output.rest = lines.pop() ?? '';
    while (output.rest.length > MAX_LINE_LENGTH) {
      lines.push(output.rest.slice(0, MAX_LINE_LENGTH));
      output.rest = output.rest.slice(MAX_LINE_LENGTH);
    }
    for (const line of lines) write(`${prefix} | ${line}`);
  }

  function endOutputs(ofVertex?: string): void {
    for (const [key, { vertex, decoder, rest }] of outputs) {
      if (ofVertex !== undefined && vertex !== ofVertex) continue;
      const last = rest + decoder.end();
      if (last !== '') write(`${prefix} | ${last}`);
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
        if (!warnings.has(text)) write(text);
        warnings.add(text);
      }
    },
    end: () => endOutputs(),
  };
}
