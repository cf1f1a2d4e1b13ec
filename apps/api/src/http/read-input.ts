import type { z } from 'zod';

import type { ApiContext } from '../api-context.js';
import { HttpError } from './http-error.js';
import { readBody } from './read-body.js';

const MAX_FORM_BYTES = 4 * 1024 * 1024;
async function readForm(ctx: ApiContext): Promise<URLSearchParams> {
  if (!ctx.is('application/x-www-form-urlencoded')) return new URLSearchParams();
  const form = await readBody(ctx, { maxBytes: MAX_FORM_BYTES, what: 'form' });
  return new URLSearchParams(form.toString('utf8'));
}

/** `name must be …`; a message that is a sentence by itself comes after a colon. */
function describeProblem({ path, message }: z.core.$ZodIssue): string {
  const name = path.map(String).join('.');
  if (name === '') return message;
  return message.startsWith('Cannot ') ? `${name}: ${message}` : `${name} ${message}`;
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
  throw new HttpError(400, result.error.issues.map(describeProblem).join('; '));
}
