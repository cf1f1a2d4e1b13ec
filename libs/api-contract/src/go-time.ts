/** How Go writes a time that is not set. Clients refuse `""` and take `null` only in some places. */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

/** Writes a time of an answer: RFC 3339 in UTC, the zero time for `null`. */
export function formatTime(time: Date | null): string {
  return time === null ? ZERO_TIME : time.toISOString();
}

/** Reads a time of an answer; `undefined` for the zero time, `null`, an absent field and what is no time. */
export function parseTime(text: string | null | undefined): Date | undefined {
  if (text === null || text === undefined || text.startsWith('0001-')) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

const REQUEST_TIME = /^(\d{4})(\d\d)(\d\d)\.(\d\d)(\d\d)(\d\d)\.(\d{3})\d{6}$/;

/**
 * Reads a time of a request: `20060102.150405.000000000` in UTC (`stdsdk`, Convox's client library). Finer than a
 * millisecond is cut off.
 *
 * @throws {SyntaxError} when the text is no such time
 */
export function parseRequestTime(text: string): Date {
  const [, year, month, day, hour, minute, second, millisecond] = REQUEST_TIME.exec(text) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`);
  if (Number.isNaN(time.getTime())) throw new SyntaxError(`expected a time such as 20260704.101500.000000000`);
  return time;
}

/** Writes a time of a request; the inverse of {@link parseRequestTime}. */
export function formatRequestTime(time: Date): string {
  const [date = '', clock = ''] = time.toISOString().slice(0, -1).split('T');
  const [seconds = '', fraction = ''] = clock.split('.');
  return `${date.replaceAll('-', '')}.${seconds.replaceAll(':', '')}.${fraction}000000`;
}
