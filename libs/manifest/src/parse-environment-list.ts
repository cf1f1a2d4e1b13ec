import { ManifestError } from './manifest-error.js';
import type { YamlValue } from './parse-yaml.js';
import { typeName } from './value-type.js';

/** A list of variables and what was odd about it. */
export interface EnvironmentList {
  readonly variables: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Reads a list of variables: `KEY`, `KEY=default`, `*`, or, one level deep, lists of those (for anchors). Items of other
 * types are left out, with a warning.
 *
 * @throws {ManifestError} when it is no list
 */
export function parseEnvironmentList(value: YamlValue | undefined, fileName: string): EnvironmentList {
  if (value === undefined || value === null) return { variables: [], warnings: [] };
  if (!Array.isArray(value))
    throw new ManifestError('type', `unknown type for service environment: ${typeName(value)}`);
  const variables: string[] = [];
  const warnings: string[] = [];
  for (const item of value.flatMap((entry) => (Array.isArray(entry) ? entry : [entry]))) {
    if (typeof item === 'string') variables.push(item);
    else warnings.push(`warning: ${fileName}: environment item of type ${typeName(item)} is ignored, write KEY=value`);
  }
  return { variables, warnings };
}

/** The names that a list declares, without `*`. */
export function declaredNames(variables: readonly string[]): Set<string> {
  return new Set(variables.filter((item) => item !== '*').map((item) => (item.split('=')[0] ?? '').trim()));
}

/** The names that have to be set: a bare `KEY` anywhere, whatever defaults other entries have. Sorted. */
export function requiredNames(variables: readonly string[]): string[] {
  return [
    ...new Set(variables.filter((item) => item !== '*' && !item.includes('=')).map((item) => item.trim())),
  ].sort();
}
