import { MAX_REMARKS } from '../manifest-error.js';
import { quote } from '../quote.js';
import { type YamlMap, yamlType } from '../yaml/yaml-node.js';
import { findNearestWord } from './find-nearest-word.js';
import type { Reading } from './reading.js';
import { type JsonSchema, orNothing, type Shape, typeError } from './shape.js';

/** A key of a mapping. */
export interface Key<T> {
  readonly shape: Shape<T>;
  /** What it is for: a line of the reference. */
  readonly doc: string;
  /** What it is when it is not given; `undefined` for nothing. */
  readonly fallback: T;
  /** What errors call it, if not by its name. */
  readonly what?: string | undefined;
}

/** The keys of a mapping. */
export type Keys = Readonly<Record<string, Key<unknown>>>;

/** What a mapping of some keys is read as. */
export type KeysRead<K extends Keys> = { readonly [N in keyof K]: K[N] extends Key<infer T> ? T : never };

interface KeyOptions<T> {
  readonly fallback?: T;
  readonly what?: string;
}

/** A key with a default. */
export function key<T>(shape: Shape<T>, doc: string, options: KeyOptions<T> & { readonly fallback: T }): Key<T>;
/** A key without a default. */
export function key<T>(shape: Shape<T>, doc: string, options?: KeyOptions<T>): Key<T | undefined>;
export function key<T>(shape: Shape<T>, doc: string, { fallback, what }: KeyOptions<T> = {}): Key<T | undefined> {
  return { shape, doc, fallback, what };
}

interface KeysOptions {
  /** What errors call one such mapping; without it they call it by its key. */
  readonly noun?: string;
  /** What is meant by keys that do not exist. */
  readonly meant?: Readonly<Record<string, string>>;
}

/** A mapping of known keys, whose table is at hand for the reference. */
export interface KeysShape<K extends Keys> extends Shape<KeysRead<K>> {
  readonly keys: K;
}

function warnOfUnknownKeys(node: YamlMap, known: Keys, { subject, report, meant = {} }: Reading & KeysOptions): void {
  // Of thousands of them nobody sees which ones are near.
  const names = node.entries.size > MAX_REMARKS ? [] : Object.keys(known);
  for (const [name, entry] of node.entries) {
    if (Object.hasOwn(known, name)) continue;
    const nearest = Object.hasOwn(meant, name) ? meant[name] : findNearestWord(name, names);
    const hint = nearest === undefined ? '' : `, did you mean ${nearest}?`;
    const where = subject === '' ? '' : ` in ${subject}`;
    report.warn(entry.key, `unknown key ${quote(name)}${where}${hint}`);
  }
}

function schemaOf(known: Keys): JsonSchema {
  const properties = Object.entries(known).map(([name, { shape, doc, fallback }]) => {
    const isPlain = ['string', 'number', 'boolean'].includes(typeof fallback);
    return [name, { description: doc, ...(isPlain ? { default: fallback } : {}), ...orNothing(shape.schema) }];
  });
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
}

/** A mapping of known keys. Unknown ones give a warning with the one that was probably meant. Nothing is an empty mapping. */
export function keys<K extends Keys>(known: K, options: KeysOptions = {}): KeysShape<K> {
  const { noun } = options;
  return {
    keys: known,
    accepts: ['map', 'null'],
    label: 'map',
    schema: { ...schemaOf(known), type: ['object', 'null'] },
    read: (node, reading) => {
      if (node.kind !== 'map' && yamlType(node) !== 'null') throw typeError(node, reading);
      if (node.kind === 'map') warnOfUnknownKeys(node, known, { ...options, ...reading });
      const { report, subject } = reading;
      const values = Object.entries(known).map(([name, { shape, fallback, what }]) => {
        const value = node.kind === 'map' ? node.entries.get(name)?.value : undefined;
        if (value === undefined || yamlType(value) === 'null') return [name, fallback];
        return [
          name,
          shape.read(value, {
            what: what ?? `${noun ?? reading.what} ${name}`.trim(),
            subject: subject === '' ? name : `${name} of ${subject}`,
            report,
          }),
        ];
      });
      return report.remember(Object.fromEntries(values) as KeysRead<K>, node);
    },
  };
}
