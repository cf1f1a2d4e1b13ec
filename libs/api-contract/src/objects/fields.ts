import { z } from 'zod';

import { ZERO_TIME } from '../go-time.js';

// What another rack sends is read leniently; the metadata are what ours sends, for the published description.

/** A text of an answer; another rack may leave it out or send `null`. */
export const textField = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
  .meta({ type: 'string' });

/** A time of an answer, as text: RFC 3339, the zero time when unset. */
export const timeField = z
  .string()
  .nullish()
  .transform((value) => value ?? ZERO_TIME)
  .meta({ type: 'string', format: 'date-time' });

/** A yes or no of an answer. */
export const flagField = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)
  .meta({ type: 'boolean' });

/** A map of texts of an answer. */
export const mapField = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {})
  .meta({ type: 'object', additionalProperties: { type: 'string' } });
