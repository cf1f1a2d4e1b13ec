import { z } from 'zod';

/** The time that stands for "not set": clients of the Rack API are Go programs. */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

/** Writes a time, or the zero time. */
export function presentTime(time: Date | null): string {
  return time === null ? ZERO_TIME : time.toISOString();
}

/** `true` or `false` in a form. */
export const wireBooleanSchema = z.enum(['true', 'false']).transform((value) => value === 'true');

/**
 * A time in a form, e.g. `20260704.101500.000000000` in UTC (Convox `pkg/structs/options.go`); RFC 3339 is understood too.
 */
export const wireTimeSchema = z.string().transform((text, context) => {
  const match = /^(\d{4})(\d\d)(\d\d)\.(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?$/.exec(text);
  const [, year, month, day, hour, minute, second, fraction = '0'] = match ?? [];
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const time = new Date(match === null ? text : `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
  if (!Number.isNaN(time.getTime())) return time;
  context.addIssue({ code: 'custom', message: `"${text.slice(0, 40)}" is no time` });
  return z.NEVER;
});

/** A map of strings in a form: urlencoded inside the urlencoded form. */
export const wireMapSchema = z.string().transform((text) => Object.fromEntries(new URLSearchParams(text)));

/** How many records of a list; default 10, as in Convox. */
export const limitSchema = z.coerce.number().int().min(1).max(1000).default(10);
