import { quote } from '../quote.js';
import { type YamlScalar, yamlType } from '../yaml/yaml-node.js';
import { string } from './scalar-shapes.js';
import { orNothing, type Shape, typeError, valueError } from './shape.js';

/** A list. An empty item is left out, with a warning; where only strings may be it is refused. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    accepts: ['list'],
    label: `list of ${item.label}`,
    schema: { type: 'array', items: item === string ? item.schema : orNothing(item.schema) },
    read: (node, reading) => {
      if (node.kind !== 'list') throw typeError(node, reading);
      const { what, subject, report } = reading;
      const values = node.items.flatMap((inner, index) => {
        if (yamlType(inner) === 'null' && item !== (string as Shape<unknown>)) {
          report.warn(inner, `empty item of ${what} is ignored`);
          return [];
        }
        return [item.read(inner, { what, subject: subject.replace(/^\w+/, `$&[${index}]`), report })];
      });
      return report.remember(values, node);
    },
  };
}

/** A mapping from any keys to values of one shape. An empty value is `undefined`. */
export function mapOf<T>(value: Shape<T>): Shape<ReadonlyMap<string, T | undefined>> {
  return {
    accepts: ['map'],
    label: `map of ${value.label}`,
    schema: { type: 'object', additionalProperties: orNothing(value.schema) },
    read: (node, reading) => {
      if (node.kind !== 'map') throw typeError(node, reading);
      const entries = [...node.entries].map(
        ([name, entry]) =>
          [name, yamlType(entry.value) === 'null' ? undefined : value.read(entry.value, reading)] as const,
      );
      return reading.report.remember(new Map(entries), node);
    },
  };
}

/** No honest app has as many of anything. */
const MAX_NAMED = 1000;

/** Something with a name, and where the name stands. */
export interface Named<T> {
  readonly name: string;
  readonly key: YamlScalar;
  readonly value: T;
}

/** Names are texts and whole numbers; what YAML takes for a boolean would have another name than the one that is written. */
function assertName(key: YamlScalar, reading: Parameters<typeof typeError>[1]): void {
  const type = yamlType(key);
  if (type === 'string' || type === 'int') return;
  throw valueError(key, reading, `unknown key type: ${type}, write "${quote(key.text)}" in quotes to use it as a name`);
}

/** A mapping from names to things of one kind, in the order of the file; `noun` is what errors call one of them. */
export function named<T>(noun: string, shape: Shape<T>): Shape<readonly Named<T>[]> {
  return {
    accepts: ['map'],
    label: `map of ${noun}s`,
    schema: { type: 'object', additionalProperties: shape.schema },
    read: (node, reading) => {
      if (node.kind !== 'map') throw typeError(node, reading);
      if (node.entries.size > MAX_NAMED) throw valueError(node, reading, `more than ${MAX_NAMED} ${noun}s`);
      return [...node.entries].map(([name, { key, value }]) => {
        assertName(key, reading);
        const subject = `${noun} ${quote(name)}`;
        return { name, key, value: shape.read(value, { ...reading, what: subject, subject }) };
      });
    },
  };
}
