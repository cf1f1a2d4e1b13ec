import { z } from 'zod';

const MAX_PARTS = 10_000;
const MAX_PART_BYTES = 8 * 1024 * 1024;
const MAX_BYTES = MAX_PARTS * MAX_PART_BYTES;

const count = (min: number, max: number) =>
  z
    .string('is required')
    .refine(
      (value) => /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max,
      `must be ${min} to ${max}`,
    )
    .transform(Number)
    .meta({ type: 'integer', minimum: min, maximum: max });

const sha256 = z
  .string('is required')
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex')
  .describe('SHA-256, in hex');

/** `POST /apps/{a}/uploads/{u}/parts`. */
export const signPartSchema = z.object({
  part: count(1, MAX_PARTS).describe('Number of the part, from 1'),
  bytes: count(1, MAX_PART_BYTES).describe('Its size'),
  sha256,
});

/** `POST /apps/{a}/uploads/{u}/complete`. */
export const completeUploadSchema = z.object({
  bytes: count(0, MAX_BYTES).describe('Size of the content, without its trailer'),
  sha256,
});
