/** What a counted line of a build's output begins with: by it a log can be proven whole, and a running step noticed. */
export const COUNTED_LINE = 'counted line';

/** The shell command of a step that prints counted lines, and pauses after each. */
export function countLines(lines: number, pauseSeconds: number): string {
  const pause = `/bin/busybox sleep ${pauseSeconds}`;
  return `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "${COUNTED_LINE} $i"; ${pause}; done`;
}

/** The numbers of the counted lines in a log, as they stand there. */
function findCountedLines(log: string): number[] {
  return [...log.matchAll(new RegExp(`\\| ${COUNTED_LINE} (\\d+)$`, 'gm'))].map(([, number]) => Number(number));
}

/** What the rack writes into a log between two attempts; a push that is repeated is within one. */
const NEW_ATTEMPT =
  /^(?!.*the registry did not take the image).*: (?:this build goes back to the queue|trying again in .*)$/m;

/** The last attempt in the log of a build that counts. */
export interface CountedAttempt {
  readonly text: string;
  readonly numbers: readonly number[];
  /** It has every line that its step printed, in order, unless it found the step done by the one before. */
  readonly isWhole: boolean;
}

/** Reads the last attempt in the log of a build whose step counts to `lines`. */
export function readLastAttempt(log: string, lines: number): CountedAttempt {
  const text = log.split(NEW_ATTEMPT).at(-1) ?? '';
  const numbers = findCountedLines(text);
  const isCounted = numbers.length === lines && numbers.every((number, index) => number === index + 1);
  const isCached = numbers.length === 0 && /RUN .* CACHED$/m.test(text);
  return { text, numbers, isWhole: isCounted || isCached };
}
