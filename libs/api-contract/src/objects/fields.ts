import { z } from 'zod';

import { ZERO_TIME } from '../go-time.js';

/** A text of an answer; another rack may leave it out or send `null`. */
export const textField = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** A time of an answer, as text: RFC 3339, the zero time when unset. */
export const timeField = z
  .string()
  .nullish()
  .transform((value) => value ?? ZERO_TIME);

/** A yes or no of an answer. */
export const flagField = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** A map of texts of an answer. */
export const mapField = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});
