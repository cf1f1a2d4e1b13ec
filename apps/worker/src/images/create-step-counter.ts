import type { SolveStatus, Vertex } from '@convox-builds/buildkit-client';

import { isPlumbing } from '../build-log/is-plumbing.js';
import type { WorkerMetrics } from '../worker-metrics.js';

/** What BuildKit reports of steps that ran next to the one that failed (`util/progress/progressui/display.go`). */
const CANCELLED = /context canceled$/;

function resultOf({ error, isCached }: Vertex): string {
  if (error !== undefined) return CANCELLED.test(error) ? 'cancelled' : 'failed';
  return isCached ? 'cached' : 'executed';
}

/** Counts the steps of one solve, each once: BuildKit reports a step again whenever something about it changes. */
export function createStepCounter({ steps }: Pick<WorkerMetrics, 'steps'>): (status: SolveStatus) => void {
  const counted = new Set<string>();
  return ({ vertexes }) => {
    for (const vertex of vertexes) {
      if (vertex.completed === undefined || isPlumbing(vertex.name) || counted.has(vertex.digest)) continue;
      counted.add(vertex.digest);
      steps.inc({ result: resultOf(vertex) });
    }
  };
}
