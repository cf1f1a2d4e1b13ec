import type { SolveStatus } from '@convox-builds/buildkit-client';
import type { Span } from '@convox-builds/runtime';

/**
 * Makes a span of each step of one solve, BuildKit's own plumbing among them, by BuildKit's own times. Each is told once:
 * BuildKit reports a step again whenever something about it changes.
 */
export function createVertexTracer(image: Span): (status: SolveStatus) => void {
  const traced = new Set<string>();
  return ({ vertexes }) => {
    if (image.traceId === undefined) return;
    for (const { digest, name, isCached, started, completed, error } of vertexes) {
      if (started === undefined || completed === undefined || traced.has(digest)) continue;
      traced.add(digest);
      const attributes = { 'convox.vertex': digest, 'convox.cached': isCached };
      image.start(name, { startedAt: started, attributes }).end({ endedAt: completed, error });
    }
  };
}
