import { SolveError, type StepLimits } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';

import type { BuildLog } from '../build-log/build-log.js';
import type { StepStarts } from './watch-step-starts.js';

/** A process that the kernel kills for want of memory ends with 128 + SIGKILL. */
const KILLED_EXIT_CODE = 137;

/** A process that ran has an exit code. Of one that could not be started the daemon tells why: it lacks something. */
const NOT_STARTED = /did not complete successfully: (?!exit code)/;

/**
 * What the daemon says of a step of which the kernel has killed a process, where it can tell (cgroup v2; moby/buildkit
 * `executor/runcexecutor/executor_linux.go`, `detectOOM`), whatever the step's own exit code is.
 */
const OUT_OF_MEMORY = /did not complete successfully: cannot allocate memory$/;

/** What registries say to who has no password, or the wrong one. */
const REFUSED = /: 40[13] (?:Unauthorized|Forbidden)|pull access denied|insufficient_scope|failed to authorize/;

function place({ source }: SolveError): string {
  const range = source?.ranges[0];
  if (source === undefined || range === undefined) return '';
  return `${source.file} line ${range.start}: `;
}

function writeExcerpt({ source }: SolveError, log: Pick<BuildLog, 'note'>): void {
  if (source === undefined || source.excerpt.length === 0) return;
  log.note(`--- ${source.file}`);
  for (const { number, text, isFailing } of source.excerpt) log.note(`${isFailing ? '>' : ' '} ${number} | ${text}`);
}

/** What a step says of a program that is for another processor. */
export interface ForeignHint {
  readonly isSeen: () => boolean;
  /** Platforms that the image is built for; empty for the worker's own. */
  readonly platforms: readonly string[];
}

function explainForeign({ platforms }: ForeignHint): string {
  const wanted = platforms.length === 0 ? 'another platform' : platforms.join(' or ');
  return (
    `RUN started a program for ${wanted}, which cannot run on this worker (${process.arch}, no emulation): ` +
    'compile it in a stage FROM --platform=$BUILDPLATFORM and only COPY it'
  );
}

/** What is known of the solve that failed. */
export interface SolveErrorContext {
  /** The services that the image is for. */
  readonly services: string;
  readonly log: Pick<BuildLog, 'note'>;
  readonly starts: Pick<StepStarts, 'findFailure'>;
  readonly foreign?: ForeignHint;
  /** What the step was allowed to take. */
  readonly limits?: StepLimits;
}

/** Tells whether the kernel killed a process of the step for want of memory; `undefined`: it did not, as far as can be told. */
function findMemoryFailure({ message, exitCode }: SolveError, { memoryBytes }: StepLimits): string | undefined {
  const allowed = memoryBytes === undefined ? '' : `: BuildMem of the app allows ${memoryBytes / 1024 / 1024} MiB`;
  if (OUT_OF_MEMORY.test(message)) return `out of memory${allowed}`;
  return exitCode === KILLED_EXIT_CODE ? `killed, probably out of memory${allowed}` : undefined;
}

/**
 * Turns BuildKit's error into one for the person who waits: which services, which file and line, what happened. The
 * lines around the failing one go to the log. Errors of other kinds come back as they are.
 */
export function explainSolveError(
  error: unknown,
  { services, log, starts, foreign, limits = {} }: SolveErrorContext,
): unknown {
  if (!(error instanceof SolveError) || error.code === 'cancelled') return error;
  if (error.code !== 'user' && error.code !== 'not-found') return error;
  const memory = findMemoryFailure(error, limits);
  if (memory === undefined && NOT_STARTED.test(error.message)) return error;
  const failure = starts.findFailure(error.vertex?.digest);
  if (failure !== undefined)
    return new BuildFailure('platform', `${services}: a step could not be started: ${failure}`, { cause: error });
  writeExcerpt(error, log);
  const isForeign = foreign?.isSeen() === true && error.exitCode !== undefined;
  const what = isForeign ? explainForeign(foreign) : (error.message.split('\n')[0] ?? '');
  const message = `${services}: ${place(error)}${what}`;
  if (error.exitCode === undefined && REFUSED.test(error.message)) {
    const hint = 'is it the right name, and does the rack know a password for its registry?';
    return new BuildFailure('credentials', `${message} (${hint})`, { cause: error });
  }
  if (memory === undefined) return new BuildFailure('user', message, { cause: error });
  return new BuildFailure('limits', `${message} (${memory})`, { cause: error });
}
