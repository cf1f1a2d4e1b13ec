import { z } from 'zod';

import { parseRequestTime } from '../go-time.js';

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 10;

/** A text of a request. Zero bytes are refused: no database and no file name takes them. */
export const text = (maxLength: number) =>
  z
    .string('is required')
    .max(maxLength, `is longer than ${maxLength} characters`)
    .refine((value) => !value.includes('\0'), 'contains a zero byte');

/** A yes or no of a request, as Go reads it (`strconv.ParseBool`). */
export const optionalFlag = z
  .string()
  .refine((value) => /^(?:1|t|true|0|f|false)?$/i.test(value), 'must be true or false')
  .transform((value) => /^(?:1|t|true)$/i.test(value))
  .meta({ type: 'boolean' })
  .optional();

/** A yes or no of a request; no by default. */
export const flag = optionalFlag.transform((value) => value ?? false).meta({ type: 'boolean' });

/** How many entries of a list are wanted; more than `max` are `max`. */
export const countUpTo = (max: number, initial: number) =>
  z
    .string()
    .refine((value) => /^[1-9]\d{0,8}$/.test(value), 'must be a whole number above 0')
    .optional()
    .transform((value) => (value === undefined ? initial : Math.min(Number(value), max)))
    .meta({ type: 'integer', minimum: 1, maximum: max, description: `How many at most; ${initial} by default` });

/** How many entries of a list are wanted: 10 by default, 1000 at most. */
export const limit = countUpTo(MAX_LIMIT, DEFAULT_LIMIT);

/** A time of a request. */
export const requestTime = z.string().transform((value, context): Date => {
  try {
    return parseRequestTime(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a time such as 20260704.101500.000000000' });
    return z.NEVER;
  }
});

/** A time of a request, in Convox's form or in RFC 3339, or a date. */
export const sinceTime = z
  .string()
  .transform((value, context): Date => {
    const isRfc3339 = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?$/.test(value);
    const time = isRfc3339 ? new Date(value) : requestTime.safeParse(value).data;
    if (time !== undefined && !Number.isNaN(time.getTime())) return time;
    context.addIssue({ code: 'custom', message: 'must be a time such as 2026-07-04T10:15:00Z, or a date' });
    return z.NEVER;
  })
  .meta({ format: 'date-time' });

/** A map of texts: a urlencoded form inside a field of the urlencoded form. */
export const nestedForm = text(64 * 1024)
  .transform((value) => Object.fromEntries(new URLSearchParams(value)))
  .meta({ examples: ['BuildArch=arm64&BuildLabels=team%3Dweb'] });
