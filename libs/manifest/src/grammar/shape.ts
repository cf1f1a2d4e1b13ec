import { errorAt, type ManifestError } from '../manifest-error.js';
import { type YamlNode, type YamlType, yamlType } from '../yaml/yaml-node.js';
import type { Reading } from './reading.js';

/** A JSON Schema (draft 7) of a part of convox.yml, for editors. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly [keyword: string]: unknown;
}

/** The schema of something that may be left empty. */
export function orNothing(schema: JsonSchema): JsonSchema {
  const { type, anyOf } = schema;
  if (anyOf !== undefined) return { ...schema, anyOf: [...anyOf, { type: 'null' }] };
  if (type === undefined) return schema;
  return { ...schema, type: [...new Set([type, 'null'].flat())] };
}

/** What a part of convox.yml may look like: from this come its check, its type, its schema and its line in the reference. */
export interface Shape<T> {
  /** Types of nodes that it takes. */
  readonly accepts: readonly YamlType[];
  /** For people: `string`, `list of int`. */
  readonly label: string;
  readonly schema: JsonSchema;
  /** @throws {ManifestError} for a node of another type */
  readonly read: (node: YamlNode, reading: Reading) => T;
}

/** `unknown type for service build: list` */
export function typeError(node: YamlNode, { what, report }: Reading): ManifestError {
  return errorAt(report.locate(node.offset), 'type', `unknown type for ${what}: ${yamlType(node)}`);
}

/** A value of the right type that cannot be read. */
export function valueError(node: YamlNode, { report }: Reading, text: string): ManifestError {
  return errorAt(report.locate(node.offset), 'type', text);
}

/** Reads with another shape, and makes something else of it. */
export function converted<T, U>(shape: Shape<T>, convert: (value: T, node: YamlNode, reading: Reading) => U): Shape<U> {
  return { ...shape, read: (node, reading) => convert(shape.read(node, reading), node, reading) };
}

/** The first of several shapes that takes a node of its type. */
export function either<T>(...shapes: readonly Shape<T>[]): Shape<T> {
  return {
    accepts: shapes.flatMap(({ accepts }) => accepts),
    label: shapes.map(({ label }) => label).join(' or '),
    schema: { anyOf: shapes.flatMap(({ schema }) => schema.anyOf ?? [schema]) },
    read: (node, reading) => {
      const shape = shapes.find(({ accepts }) => accepts.includes(yamlType(node)));
      if (shape === undefined) throw typeError(node, reading);
      return shape.read(node, reading);
    },
  };
}
