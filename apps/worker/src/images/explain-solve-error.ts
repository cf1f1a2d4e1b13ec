import { SolveError } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';

import type { BuildLog } from '../build-log/build-log.js';
import type { StepStarts } from './watch-step-starts.js';

/** A process that the kernel kills for want of memory ends with 128 + SIGKILL. */
const KILLED_EXIT_CODE = 137;

/** A process that ran has an exit code. Of one that could not be started the daemon tells why: it lacks something. */
const NOT_STARTED = /did not complete successfully: (?!exit code)/;

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

/**
 * Turns BuildKit's error into one for the person who waits: which services, which file and line, what happened. The
 * lines around the failing one go to the log. Errors of other kinds come back as they are.
 */
export function explainSolveError(
  error: unknown,
  { services, log, starts }: { services: string; log: Pick<BuildLog, 'note'>; starts: Pick<StepStarts, 'findFailure'> },
): unknown {
  if (!(error instanceof SolveError) || error.code === 'cancelled') return error;
  if (error.code !== 'user' && error.code !== 'not-found') return error;
  if (NOT_STARTED.test(error.message)) return error;
  const failure = starts.findFailure(error.vertex?.digest);
  if (failure !== undefined)
    return new BuildFailure('platform', `${services}: a step could not be started: ${failure}`, { cause: error });
  writeExcerpt(error, log);
  const message = `${services}: ${place(error)}${error.message.split('\n')[0] ?? ''}`;
  if (error.exitCode !== KILLED_EXIT_CODE) return new BuildFailure('user', message, { cause: error });
  return new BuildFailure('limits', `${message} (killed, probably out of memory)`, { cause: error });
}
