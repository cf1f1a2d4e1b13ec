import { ManifestError } from './manifest-error.js';
import type { YamlMap, YamlValue } from './parse-yaml.js';

/** Names a value's type as error messages do. */
export function typeName(value: YamlValue): 'string' | 'int' | 'float' | 'bool' | 'list' | 'map' | 'null' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

/** A mapping, or an empty one for nothing; `what` names it in the error. */
export function asMap(value: YamlValue | undefined, what: string): YamlMap {
  if (value === undefined || value === null) return new Map();
  if (value instanceof Map) return value;
  throw new ManifestError('type', `unknown type for ${what}: ${typeName(value)}`);
}

/** A text, or nothing; numbers and booleans are written out. */
export function asText(value: YamlValue | undefined, what: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) || value instanceof Map) {
    throw new ManifestError('type', `unknown type for ${what}: ${typeName(value)}`);
  }
  return String(value);
}

/** A list of texts, or an empty one for nothing. */
export function asTexts(value: YamlValue | undefined, what: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ManifestError('type', `unknown type for ${what}: ${typeName(value)}`);
  return value.map((item) => asText(item, what) ?? '');
}
