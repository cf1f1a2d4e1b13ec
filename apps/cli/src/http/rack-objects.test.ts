import { type AnswerObject, createOpenApi, type JsonSchema } from '@convox-builds/api-contract';
import test from 'ava';

import { decodeApp, decodeBuild, decodeRelease, decodeSystem } from './rack-objects.js';

const { schemas } = createOpenApi().components;

/** What is looked at of a schema. */
interface SchemaParts {
  readonly type?: string;
  readonly format?: string;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly enum?: readonly unknown[];
}

/** A value as a schema has it, in which nothing is empty. */
function sampleOf(schema: JsonSchema): unknown {
  const { type, format, items, properties, enum: words } = schema as SchemaParts;
  if (words !== undefined) return words[0];
  if (format === 'date-time') return '2026-07-04T10:15:00Z';
  if (type === 'integer' || type === 'number') return 7;
  if (type === 'boolean') return true;
  if (type === 'array') return [sampleOf(items ?? {})];
  if (properties === undefined) return type === 'object' ? {} : 'text';
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, sampleOf(field)]));
}

/** The fields of a decoded object that found nothing in what was decoded. */
function emptyFields(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([name, field]: [string, unknown]) => {
    if (name === 'json') return [];
    const isEmpty = field === '' || field === undefined || field === false || Number.isNaN(field);
    if (isEmpty || (Array.isArray(field) && field.length === 0)) return [`${path}${name}`];
    const isPlain = typeof field === 'object' && field !== null && !(field instanceof Date);
    return isPlain ? emptyFields(field, `${path}${name}.`) : [];
  });
}

const DECODERS: [AnswerObject, (value: unknown) => object][] = [
  ['App', decodeApp],
  ['BuildDetails', decodeBuild],
  ['Release', decodeRelease],
  // A rack of ours says so by its provider.
  ['System', (value) => decodeSystem({ ...(value as object), provider: 'builds' })],
];
for (const [name, decode] of DECODERS) {
  test(`what is read of ${name} is in what a rack sends`, (t) => {
    t.deepEqual(emptyFields(decode(sampleOf(schemas[name] ?? {}))), []);
  });
}
