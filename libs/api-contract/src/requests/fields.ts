import { z } from 'zod';

import { parseRequestTime } from '../go-time.js';

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 10;

/** A text of a request. Zero bytes are refused: no database and no file name takes them. */
export const text = (maxLength: number) =>
  z
    .string()
    .max(maxLength, `is longer than ${maxLength} characters`)
    .refine((value) => !value.includes('\0'), 'contains a zero byte');

/** A yes or no of a request, as Go reads it (`strconv.ParseBool`). */
export const optionalFlag = z
  .string()
  .refine((value) => /^(?:1|t|true|0|f|false)?$/i.test(value), 'must be true or false')
  .transform((value) => /^(?:1|t|true)$/i.test(value))
  .optional();

/** A yes or no of a request; no by default. */
export const flag = optionalFlag.transform((value) => value ?? false);

/** How many entries of a list are wanted: 10 by default, 1000 at most. */
export const limit = z
  .string()
  .default(String(DEFAULT_LIMIT))
  .refine((value) => /^[1-9]\d{0,8}$/.test(value), 'must be a whole number above 0')
  .transform((value) => Math.min(Number(value), MAX_LIMIT));

/** A time of a request. */
export const requestTime = z.string().transform((value, context): Date => {
  try {
    return parseRequestTime(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a time such as 20260704.101500.000000000' });
    return z.NEVER;
  }
});

/** A map of texts: a urlencoded form inside a field of the urlencoded form. */
export const nestedForm = text(64 * 1024).transform((value) => Object.fromEntries(new URLSearchParams(value)));
