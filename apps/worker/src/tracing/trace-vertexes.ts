import type { SolveStatus, Vertex } from '@convox-builds/buildkit-client';
import type { Span } from '@convox-builds/runtime';

/** Makes spans of the steps of a solve. */
export interface VertexTracer {
  readonly add: (status: SolveStatus) => void;
  /** Tells of the steps that are done, when their solve has ended; the next one begins anew. */
  readonly end: () => void;
}

/** BuildKit reports a step again whenever something about it changes, and some end several times: the first begin and the last end count. */
function merge(before: Vertex | undefined, now: Vertex): Vertex {
  return { ...now, started: before?.started ?? now.started, completed: now.completed ?? before?.completed };
}

/** Makes the steps of the solves of one image, BuildKit's own plumbing among them, parts of its span, by BuildKit's own times. */
export function createVertexTracer(image: Span): VertexTracer {
  const vertexes = new Map<string, Vertex>();
  return {
    add: (status) => {
      if (image.traceId === undefined) return;
      for (const vertex of status.vertexes) vertexes.set(vertex.digest, merge(vertexes.get(vertex.digest), vertex));
    },
    end: () => {
      for (const { digest, name, isCached, started, completed, error } of vertexes.values()) {
        if (started === undefined || completed === undefined) continue;
        const attributes = { 'convox.vertex': digest, 'convox.cached': isCached };
        image.start(name, { startedAt: started, attributes }).end({ endedAt: completed, error });
      }
      vertexes.clear();
    },
  };
}
