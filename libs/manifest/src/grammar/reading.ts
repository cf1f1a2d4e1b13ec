import type { Remark } from '../manifest-error.js';
import type { Locator, Place } from '../yaml/create-locator.js';
import type { YamlNode } from '../yaml/yaml-node.js';

/** Where in the grammar something is read. */
export interface Reading {
  /** As errors call it: `service build args`. */
  readonly what: string;
  /** As warnings call the mapping around a key: `build of service web`; empty at the top. */
  readonly subject: string;
  readonly report: Report;
}

/** What comes up while a manifest is read. */
export interface Report {
  readonly locate: Locator;
  readonly warn: (node: YamlNode, text: string) => void;
  /** Remembers from which node a list or an object was read. */
  readonly remember: <T extends object>(value: T, node: YamlNode) => T;
  /** Where something that was read stands, or the value of one of its keys, or one of its items, if it is there. */
  readonly placeOf: (value: object, key?: string | number) => Place;
  readonly warnings: readonly Remark[];
}

function findPart(node: YamlNode, key: string | number | undefined): YamlNode | undefined {
  if (key === undefined) return node;
  if (node.kind === 'map') return node.entries.get(String(key))?.value;
  return node.kind === 'list' ? node.items[Number(key)] : undefined;
}

/** Creates an empty report. */
export function createReport(locate: Locator): Report {
  const warnings: Remark[] = [];
  const nodes = new WeakMap<object, YamlNode>();
  return {
    locate,
    warnings,
    warn: (node, text) => void warnings.push({ place: locate(node.offset), text }),
    remember: (value, node) => {
      nodes.set(value, node);
      return value;
    },
    placeOf: (value, key) => {
      const node = nodes.get(value);
      return locate((node === undefined ? undefined : (findPart(node, key) ?? node))?.offset ?? 0);
    },
  };
}
