import type { SolveStatus, Vertex } from '@convox-builds/buildkit-client';

import type { BuildLog } from './build-log.js';
import { isCacheImport, isPlumbing } from './is-plumbing.js';
import { createStepOutputs } from './step-outputs.js';

/** Turns what BuildKit reports of one solve into lines of the log. */
export interface SolveLog {
  readonly add: (status: SolveStatus) => void;
  /** Writes what is left of unfinished lines. */
  readonly end: () => void;
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
export function createSolveLog(prefix: string, log: Pick<BuildLog, 'line' | 'lines' | 'longLine'>): SolveLog {
  const shown = new Map<string, 'started' | 'ended'>();
  const outputs = createStepOutputs(prefix, log);
  const warnings = new Set<string>();

  function writeVertex(vertex: Vertex): void {
    // What is BuildKit's own is shown only when it fails.
    if (isPlumbing(vertex.name) && vertex.error === undefined) return;
    // A cache that cannot be read fails nothing, and is warned of elsewhere.
    if (isCacheImport(vertex.name)) return;
    const before = shown.get(vertex.digest);
    if (vertex.started !== undefined && before === undefined && !vertex.isCached) {
      shown.set(vertex.digest, 'started');
      log.line(`${prefix} ${shortName(vertex)}`);
    }
    if (vertex.completed === undefined || before === 'ended') return;
    outputs.end(vertex.digest);
    shown.set(vertex.digest, 'ended');
    if (vertex.error !== undefined) log.line(`${prefix} ${shortName(vertex)} ERROR${formatSeconds(vertex)}`);
    else log.line(`${prefix} ${shortName(vertex)} ${vertex.isCached ? 'CACHED' : `DONE${formatSeconds(vertex)}`}`);
  }

  return {
    add: ({ vertexes, logs, warnings: found }) => {
      for (const vertex of vertexes) if (vertex.completed === undefined) writeVertex(vertex);
      for (const { vertex, stream, bytes } of logs) outputs.add(vertex, stream, bytes);
      for (const vertex of vertexes) if (vertex.completed !== undefined) writeVertex(vertex);
      for (const { message, file, line } of found) {
        const text = `${prefix} warning: ${file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `}${message}`;
        if (!warnings.has(text)) log.line(text);
        warnings.add(text);
      }
    },
    end: () => outputs.end(),
  };
}
