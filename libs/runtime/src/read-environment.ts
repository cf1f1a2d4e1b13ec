import type { z } from 'zod';

import { EnvironmentError, type EnvironmentIssue } from './environment-error.js';

/** Variables by name, as in `process.env`. */
export type EnvironmentSource = Readonly<Record<string, string | undefined>>;

function issueFrom(issue: z.core.$ZodIssue, source: EnvironmentSource): EnvironmentIssue {
  const variable = issue.path.map(String).join('.');
  const isMissing = source[variable] === undefined || source[variable] === '';
  if (isMissing) return { variable, problem: 'is required and not set' };
  return { variable, problem: issue.message.charAt(0).toLowerCase() + issue.message.slice(1) };
}

/**
 * Reads a process's environment through a schema. A variable that is set to nothing counts as not set, because that is
 * how charts and compose files write an option that is left out.
 *
 * @param schema an object schema, keyed by variable names; a transform may follow
 * @param source where to read from, the environment of this process by default
 * @throws {EnvironmentError} with one line for each variable that is missing or wrong
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  source: EnvironmentSource = process.env,
): z.output<Schema> {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  throw new EnvironmentError(result.error.issues.map((issue) => issueFrom(issue, source)));
}
