import type { BuildkitClient } from '../control/buildkit-client.js';
import { createDirectorySource } from '../file-sync/directory-source.js';
import type { FileSource } from '../file-sync/file-source.js';
import { fileSync, type SyncStats } from '../file-sync/file-sync.js';
import type { Attachable } from '../session/attachable.js';
import { openSession } from '../session/open-session.js';
import { type DockerfileOptions, dockerfileAttrs } from '../solve/dockerfile-attrs.js';
import { type SolveResult, solve } from '../solve/solve.js';
import type { SolveRequest } from '../solve/solve-request.js';
import type { Vertex } from '../solve/solve-status.js';

/** What to solve, and how. */
export interface ContextSolve {
  /** A folder, or a source that is there already. */
  readonly source: string | FileSource;
  readonly dockerfile?: DockerfileOptions;
  readonly request?: Omit<SolveRequest, 'frontendAttrs'>;
  readonly attachables?: readonly Attachable[];
  readonly sharedKey?: string;
  readonly maxChoiceMs?: number;
  readonly signal?: AbortSignal;
  /** Is told the output of the steps so far. */
  readonly onOutput?: (output: string) => void;
}

/** What came of it. */
export interface ContextSolved {
  readonly result: SolveResult;
  readonly output: string;
  readonly vertexes: readonly Vertex[];
  /** Each transfer of files, in order. */
  readonly synced: readonly SyncStats[];
}

/** Solves a folder over a session of its own. */
export async function solveContext(client: BuildkitClient, options: ContextSolve): Promise<ContextSolved> {
  const { dockerfile = {}, request = {}, attachables = [], sharedKey = 'test', onOutput = () => {} } = options;
  const source = typeof options.source === 'string' ? await createDirectorySource(options.source) : options.source;
  const synced: SyncStats[] = [];
  const files = fileSync({
    sources: { context: source, dockerfile: source },
    onSynced: (stats) => void synced.push(stats),
    ...(options.maxChoiceMs === undefined ? {} : { maxChoiceMs: options.maxChoiceMs }),
  });
  const session = openSession(client, { sharedKey, attachables: [files, ...attachables] });
  let output = '';
  const vertexes = new Map<string, Vertex>();
  try {
    const result = await solve(
      client,
      { frontendAttrs: dockerfileAttrs(dockerfile), ...request },
      {
        session,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        onStatus: (status) => {
          for (const vertex of status.vertexes) vertexes.set(vertex.digest, vertex);
          for (const { bytes } of status.logs) output += bytes.toString();
          onOutput(output);
        },
      },
    );
    return { result, output, vertexes: [...vertexes.values()], synced };
  } finally {
    await session.close();
  }
}
