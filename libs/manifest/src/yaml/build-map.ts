import { errorAt } from '../manifest-error.js';
import { quote } from '../quote.js';
import type { Locator } from './create-locator.js';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.js';

const MERGE_KEY = '<<';

/** Puts keys and values together to mappings. */
export type MapBuilder = (nodes: readonly YamlNode[], opening: { offset: number }) => YamlMap;

/** No honest manifest merges that many keys; a hostile one has every mapping merge the one before. */
const MAX_MERGED_KEYS = 10_000;

/** Creates what builds the mappings of one manifest: merges are carried out, keys that come twice refused. */
export function createMapBuilder(locate: Locator): MapBuilder {
  let mergedKeys = 0;

  const sourcesOf = (value: YamlNode): YamlMap[] => {
    const nodes = value.kind === 'list' ? value.items : [value];
    return nodes.map((node) => {
      if (node.kind === 'map') return node;
      throw errorAt(locate(node.offset), 'syntax', 'only a mapping, or a list of mappings, can be merged');
    });
  };
  const merge = (entries: Map<string, YamlEntry>, { value }: YamlEntry): string[] => {
    const added: string[] = [];
    for (const [name, entry] of sourcesOf(value).flatMap((source) => [...source.entries])) {
      if (++mergedKeys > MAX_MERGED_KEYS)
        throw errorAt(locate(value.offset), 'syntax', `more than ${MAX_MERGED_KEYS} keys are merged`);
      if (entries.has(name)) continue;
      entries.set(name, entry);
      added.push(name);
    }
    return added;
  };

  return (nodes, { offset }) => {
    const entries = new Map<string, YamlEntry>();
    // What was merged gives way to what the mapping has itself, wherever that stands.
    const merged = new Set<string>();
    for (const { key, value } of pairUp(nodes, locate)) {
      const same = entries.get(key.text);
      if (key.text === MERGE_KEY) {
        for (const name of merge(entries, { key, value })) merged.add(name);
      } else if (same === undefined || merged.delete(key.text)) {
        entries.set(key.text, { key, value });
      } else {
        const { line } = locate(same.key.offset);
        throw errorAt(
          locate(key.offset),
          'syntax',
          `duplicated mapping key ${quote(key.text)}, it is already in line ${line}`,
        );
      }
    }
    const values = [...entries.values()].map(({ value }) => value);
    return {
      kind: 'map',
      entries,
      offset,
      size: values.reduce((sum, { size }) => sum + 1 + size, 1),
      depth: values.reduce((deepest, { depth }) => Math.max(deepest, depth), 0) + 1,
    };
  };
}

function* pairUp(nodes: readonly YamlNode[], locate: Locator): Generator<{ key: YamlScalar; value: YamlNode }> {
  for (let at = 0; at < nodes.length; at += 2) {
    const [key, value] = [nodes[at], nodes[at + 1]];
    if (key === undefined || value === undefined) return;
    if (key.kind !== 'scalar') throw errorAt(locate(key.offset), 'syntax', 'a key is a list or a mapping');
    yield { key, value };
  }
}
