import { defineScalarTag, load, mergeTag, NOT_RESOLVED, realMapTag, YAML11_SCHEMA, YAMLException } from 'js-yaml';

import { hasPlaceholder, type Interpolation, interpolate } from './interpolate.js';
import { ManifestError } from './manifest-error.js';

const MAX_BYTES = 256 * 1024;
/** No honest manifest comes near any of these; hostile ones grow a few bytes into gigabytes. */
const LIMITS = { maxDepth: 64, maxAliases: 1000, maxTotalMergeKeys: 10_000 };
const MAX_NODES = 100_000;

/** A scalar without quotes that has a value to come: its type is decided when the value is there. */
class PlainScalar {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const plainScalarTag = defineScalarTag<PlainScalar>('tag:convox.com,2018:interpolated', {
  implicit: true,
  identify: () => false,
  resolve: (source: string) => (hasPlaceholder(source) ? new PlainScalar(source) : NOT_RESOLVED),
});

/** YAML 1.1, as Convox reads it; mappings become `Map`, so that `__proto__` is a key like any other. */
const SCHEMA = YAML11_SCHEMA.withTags(realMapTag, mergeTag);
const MARKED_SCHEMA = SCHEMA.withTags(plainScalarTag);

/** A parsed value: scalars, lists, and `Map` with string keys. */
export type YamlValue = string | number | boolean | null | YamlValue[] | YamlMap;

/** A parsed mapping, in the order of the file. */
export type YamlMap = Map<string, YamlValue>;

function retype(text: string): unknown {
  // Only a bare word can be a number or a boolean; anything else stays the text that it is.
  if (!/^[\w.+~-]*$/.test(text)) return text;
  return text === '' ? null : load(text, { schema: SCHEMA });
}

function keyText(key: YamlValue): string {
  if (Array.isArray(key) || key instanceof Map) throw new ManifestError('syntax', 'a key is a list or a mapping');
  return String(key);
}

function createConverter({ fill }: Interpolation): (value: unknown) => YamlValue {
  let nodes = 0;
  const convert = (value: unknown): YamlValue => {
    if (++nodes > MAX_NODES) throw new ManifestError('syntax', `more than ${MAX_NODES} values`);
    if (value instanceof PlainScalar) return convert(retype(fill(value.text)));
    if (typeof value === 'string') return fill(value);
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    if (Array.isArray(value)) return value.map(convert);
    if (value instanceof Map) {
      return new Map([...value].map(([key, inner]) => [keyText(convert(key)), convert(inner)]));
    }
    return value instanceof Date ? value.toISOString() : null;
  };
  return convert;
}

function errorFrom(error: unknown, fileName: string): unknown {
  if (error instanceof ManifestError) return error;
  if (!(error instanceof YAMLException))
    return new ManifestError('syntax', `${fileName}: ${String(error)}`, { cause: error });
  const mark = error.mark;
  const place = mark === undefined ? '' : `:${mark.line + 1}:${mark.column + 1}`;
  const line = mark === undefined ? {} : { line: mark.line + 1 };
  return new ManifestError('syntax', `${fileName}${place}: ${error.reason}`, { cause: error, ...line });
}

/**
 * Parses a manifest's text: interpolation, then YAML, then the values into their places.
 *
 * @throws {ManifestError}
 */
export function parseYaml(
  text: string,
  { variables, fileName }: { variables: ReadonlyMap<string, string>; fileName: string },
): { value: YamlValue; interpolation: Interpolation } {
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw new ManifestError('syntax', `${fileName}: larger than ${MAX_BYTES} bytes`);
  const interpolation = interpolate(text, variables);
  if (interpolation.text.trim() === '') return { value: null, interpolation };
  try {
    const value = createConverter(interpolation)(load(interpolation.text, { schema: MARKED_SCHEMA, ...LIMITS }));
    return { value, interpolation };
  } catch (error) {
    throw errorFrom(error, fileName);
  }
}
