import type { Context } from 'koa';
import type { z } from 'zod';

import { HttpError } from './http-error.js';

const MAX_FORM_BYTES = 4 * 1024 * 1024;

async function readForm(ctx: Context): Promise<URLSearchParams> {
  if (!ctx.is('application/x-www-form-urlencoded')) return new URLSearchParams();
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of ctx.req) {
    size += piece.length;
    if (size > MAX_FORM_BYTES) throw new HttpError(413, `form is larger than ${MAX_FORM_BYTES} bytes`);
    pieces.push(piece);
  }
  return new URLSearchParams(Buffer.concat(pieces).toString('utf8'));
}

/**
 * Reads a request's parameters, from the query or the form, through a schema. Of a repeated one the first counts.
 *
 * @throws {HttpError} 400, naming the parameter
 */
export async function readInput<Schema extends z.ZodType>(ctx: Context, schema: Schema): Promise<z.output<Schema>> {
  const values = new Map<string, string>();
  for (const source of [await readForm(ctx), new URLSearchParams(ctx.querystring)]) {
    for (const [name, value] of source) if (!values.has(name)) values.set(name, value);
  }
  const result = schema.safeParse(Object.fromEntries(values));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new HttpError(400, problems.join('; '));
}
