import type { StatusResponse } from '../generated/github.com/moby/buildkit/api/services/control/control.js';

/** A step of a solve. It is reported again at each change; merge by digest. */
export interface Vertex {
  readonly digest: string;
  /** E.g. `[build 2/3] RUN make`; BuildKit's own plumbing begins with `[internal]` or `[auth]`. */
  readonly name: string;
  readonly isCached: boolean;
  readonly started?: Date | undefined;
  readonly completed?: Date | undefined;
  /** Set when it failed. */
  readonly error?: string | undefined;
}

/** Progress of a transfer within a step, in bytes (or in pieces, when it has no total). */
export interface VertexProgress {
  readonly vertex: string;
  readonly id: string;
  readonly current: number;
  readonly total: number;
  readonly isComplete: boolean;
}

/** Output of a step: a raw piece, cut anywhere. */
export interface VertexLog {
  readonly vertex: string;
  /** 1 for standard output, 2 for standard error. */
  readonly stream: number;
  readonly bytes: Buffer;
}

/** What the Dockerfile frontend remarks. */
export interface VertexWarning {
  readonly vertex: string;
  readonly message: string;
  readonly url: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** One report of a running solve. */
export interface SolveStatus {
  readonly vertexes: readonly Vertex[];
  readonly progress: readonly VertexProgress[];
  readonly logs: readonly VertexLog[];
  readonly warnings: readonly VertexWarning[];
}

/** Maps a report of the wire to ours. */
export function solveStatusFromWire({ vertexes, statuses, logs, warnings }: StatusResponse): SolveStatus {
  return {
    vertexes: vertexes.map(({ digest, name, cached, started, completed, error }) => ({
      digest,
      name,
      isCached: cached,
      started,
      completed,
      error: error === '' ? undefined : error,
    })),
    progress: statuses.map(({ vertex, ID, current, total, completed }) => ({
      vertex,
      id: ID,
      current: Number(current),
      total: Number(total),
      isComplete: completed !== undefined,
    })),
    logs: logs.map(({ vertex, stream, msg }) => ({ vertex, stream: Number(stream), bytes: msg })),
    warnings: warnings.map(({ vertex, short, url, info, ranges }) => ({
      vertex,
      message: short.toString('utf8'),
      url,
      file: info?.filename,
      line: ranges[0]?.start?.line,
    })),
  };
}
