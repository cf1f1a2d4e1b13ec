/** What a counted line of a build's output begins with: by it a log can be proven whole, and a running step noticed. */
export const COUNTED_LINE = 'counted line';

/** The shell command of a step that prints counted lines, and pauses after each. */
export function countLines(lines: number, pauseSeconds: number): string {
  const pause = `/bin/busybox sleep ${pauseSeconds}`;
  return `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "${COUNTED_LINE} $i"; ${pause}; done`;
}

/** The numbers of the counted lines in a log, as they stand there. */
export function findCountedLines(log: string): number[] {
  return [...log.matchAll(new RegExp(`\\| ${COUNTED_LINE} (\\d+)$`, 'gm'))].map(([, number]) => Number(number));
}
