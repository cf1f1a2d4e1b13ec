import type { z } from 'zod';

import type { ApiContext } from '../api-context.js';
import { HttpError } from './http-error.js';

const MAX_FORM_BYTES = 4 * 1024 * 1024;
/** Node's own limit is off, because uploads take long; a form does not. */
const FORM_WITHIN_MS = 30_000;

const tooLarge = () => new HttpError(413, `form is larger than ${MAX_FORM_BYTES} bytes`);

async function readBody(ctx: ApiContext): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => ctx.req.destroy(new Error('the form came too slowly')), FORM_WITHIN_MS);
  try {
    // The connection is still needed, for the answer.
    const body: AsyncIterable<Buffer> = ctx.req.iterator({ destroyOnReturn: false });
    for await (const piece of body) {
      size += piece.length;
      if (size > MAX_FORM_BYTES) throw tooLarge();
      pieces.push(piece);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function readForm(ctx: ApiContext): Promise<URLSearchParams> {
  if (!ctx.is('application/x-www-form-urlencoded')) return new URLSearchParams();
  return new URLSearchParams(await readBody(ctx));
}

/**
 * Reads a request's parameters through a schema: the form's, then the query's. Of a repeated one the first counts.
 *
 * @throws {HttpError} 400, naming the parameter; 413
 */
export async function readInput<Schema extends z.ZodType>(ctx: ApiContext, schema: Schema): Promise<z.output<Schema>> {
  const values = new Map<string, string>();
  for (const source of [await readForm(ctx), new URLSearchParams(ctx.querystring)]) {
    for (const [name, value] of source) if (!values.has(name)) values.set(name, value);
  }
  const result = schema.safeParse(Object.fromEntries(values));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.map(String).join('.')} ${message}`.trim());
  throw new HttpError(400, problems.join('; '));
}
