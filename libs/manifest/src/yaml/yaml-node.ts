/** A node of a manifest that was read, with the place where it stands. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

/** What every node knows. */
interface PlacedNode {
  /** Offset in the text that the person wrote. */
  readonly offset: number;
  /** Nodes in it, itself among them, aliases counted as often as they are used. */
  readonly size: number;
  /** Levels in it, itself among them. */
  readonly depth: number;
}

/** A single value. */
export interface YamlScalar extends PlacedNode {
  readonly kind: 'scalar';
  /** As it was written, without quotes and with the values of variables: `1.10`, `yes`. */
  readonly text: string;
  /** What YAML 1.1 takes it for: `1.1`, `true`. */
  readonly value: string | number | boolean | null;
}

/** A sequence. */
export interface YamlList extends PlacedNode {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

/** A mapping, in the order of the file; keys are texts, so that `__proto__` is one like any other. */
export interface YamlMap extends PlacedNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

/** A key with its value. */
export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

/** Types as error messages call them. */
export type YamlType = 'string' | 'int' | 'float' | 'bool' | 'list' | 'map' | 'null';

/** Names a node's type. */
export function yamlType(node: YamlNode): YamlType {
  if (node.kind !== 'scalar') return node.kind;
  const { value } = node;
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
