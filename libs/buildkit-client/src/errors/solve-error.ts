import { BuildkitError, type BuildkitErrorCode } from './buildkit-error.js';

/** A line of a Dockerfile, for showing. */
export interface SourceLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  readonly isFailing: boolean;
}

/** The place in a Dockerfile where a solve failed. */
export interface FailureSource {
  /** Name of the Dockerfile. */
  readonly file: string;
  /** Failing lines, counted from 1, both ends included. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  /** The failing lines and two on either side. */
  readonly excerpt: readonly SourceLine[];
}

/** What the daemon said of a failed solve. */
export interface SolveFailure {
  readonly code: BuildkitErrorCode;
  readonly message: string;
  /** Exit code of the RUN step that failed. */
  readonly exitCode?: number | undefined;
  /** The step that failed. */
  readonly vertex?: { readonly digest: string; readonly name?: string | undefined } | undefined;
  readonly source?: FailureSource | undefined;
}

/** A solve failed. */
export class SolveError extends BuildkitError implements SolveFailure {
  override readonly name = 'SolveError';
  readonly exitCode: number | undefined;
  readonly vertex: SolveFailure['vertex'];
  readonly source: FailureSource | undefined;

  constructor({ code, message, exitCode, vertex, source }: SolveFailure, options?: ErrorOptions) {
    super(code, message, options);
    this.exitCode = exitCode;
    this.vertex = vertex;
    this.source = source;
  }
}
