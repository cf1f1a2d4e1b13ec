import type { SolveStatus, Vertex } from '@convox-builds/buildkit-client';

import { isCacheImport, isPlumbing } from '../build-log/is-plumbing.js';

/** A base image is no step: nobody runs it. */
const BASE_IMAGE = /^\[[^\]]*\] FROM /;

/** Where the steps of a solve came from. Times are milliseconds. */
export interface StepSources {
  readonly cachedSteps: number;
  readonly builtSteps: number;
  /** What the steps took that were run. */
  readonly builtMs: number;
  readonly importMs: number;
  /** Why the registry's cache could not be read. */
  readonly importError: string | undefined;
}

/** Counts the steps of one image by where they came from. */
export interface SourceCounter {
  readonly add: (status: Pick<SolveStatus, 'vertexes'>) => void;
  readonly result: () => StepSources;
}

const durationOf = ({ started, completed }: Vertex) =>
  started === undefined || completed === undefined ? 0 : completed.getTime() - started.getTime();

const isStep = ({ name }: Vertex) => !isPlumbing(name) && !BASE_IMAGE.test(name);

/** Makes a counter. A push that is repeated reports the steps as cached that were run before: the first report counts. */
export function createSourceCounter(): SourceCounter {
  const steps = new Map<string, Vertex>();
  let imported: Vertex | undefined;
  return {
    add: ({ vertexes }) => {
      for (const vertex of vertexes) {
        if (isCacheImport(vertex.name)) imported = vertex;
        if (vertex.completed !== undefined && isStep(vertex) && !steps.has(vertex.digest))
          steps.set(vertex.digest, vertex);
      }
    },
    result: () => {
      const built = [...steps.values()].filter(({ isCached }) => !isCached);
      return {
        cachedSteps: steps.size - built.length,
        builtSteps: built.length,
        builtMs: built.reduce((sum, vertex) => sum + durationOf(vertex), 0),
        importMs: imported === undefined ? 0 : durationOf(imported),
        importError: imported?.error,
      };
    },
  };
}
