import { COLLECTION_STYLE, EVENT_ID } from 'js-yaml';

import { errorAt } from '../manifest-error.js';
import { quote } from '../quote.js';
import { createMapBuilder, type MapBuilder } from './build-map.js';
import type { Locator } from './create-locator.js';
import type { ScalarReader } from './read-scalar.js';
import { standardTag } from './resolve-scalar.js';
import { type AliasEvent, type CollectionEvent, scalarOffset, type YamlEvent } from './yaml-events.js';
import type { YamlNode } from './yaml-node.js';

/** No honest manifest comes near any of these; hostile ones grow a few bytes into gigabytes. */
const MAX_SIZE = 20_000;
const MAX_DEPTH = 64;
const MAX_ALIASES = 1000;

interface Frame {
  readonly kind: 'document' | 'list' | 'map';
  readonly offset: number;
  readonly anchor: string;
  readonly isFlow: boolean;
  readonly nodes: YamlNode[];
}

/** What the composer needs. */
export interface ComposeOptions {
  /** The text that was parsed. */
  readonly text: string;
  readonly scalars: ScalarReader;
  readonly locate: Locator;
}

/** Puts the parser's events together to nodes with places. An alias is the very node that it names. */
class Composer {
  readonly #options: ComposeOptions;
  readonly #buildMap: MapBuilder;
  readonly #anchors = new Map<string, YamlNode>();
  readonly #frames: Frame[] = [];
  readonly #documents: YamlNode[] = [];
  #aliases = 0;
  /** Of the last node that is written out: nothing has no place of its own. */
  #offset = 0;

  constructor(options: ComposeOptions) {
    this.#options = options;
    this.#buildMap = createMapBuilder(options.locate);
  }

  compose(events: readonly YamlEvent[]): readonly YamlNode[] {
    for (const event of events) this.#add(event);
    return this.#documents;
  }

  #add(event: YamlEvent): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        this.#anchors.clear();
        return this.#open({ kind: 'document', anchor: '', isFlow: false });
      case EVENT_ID.SEQUENCE:
        return this.#openCollection('list', 'seq', event);
      case EVENT_ID.MAPPING:
        return this.#openCollection('map', 'map', event);
      case EVENT_ID.SCALAR: {
        this.#offset = scalarOffset(event) ?? this.#offset;
        const { isFlow = false, kind, nodes = [] } = this.#frames.at(-1) ?? {};
        const isKey = kind === 'map' && nodes.length % 2 === 0;
        const node = this.#options.scalars.read(event, { offset: this.#offset, isFlow, isKey });
        return this.#put(node, this.#anchorOf(event));
      }
      case EVENT_ID.ALIAS:
        return this.#put(this.#resolve(event), '');
      case EVENT_ID.POP:
        return this.#close();
    }
  }

  #open(frame: Omit<Frame, 'offset' | 'nodes'>): void {
    this.#frames.push({ ...frame, offset: this.#offset, nodes: [] });
  }

  #openCollection(kind: 'list' | 'map', tag: string, event: CollectionEvent): void {
    this.#offset = event.start;
    const rawTag = this.#slice(event.tagStart, event.tagEnd);
    if (rawTag !== '' && rawTag !== '!' && standardTag(rawTag) !== tag)
      throw this.#error(`tag ${quote(rawTag)} is unknown or does not fit`);
    this.#open({ kind, anchor: this.#anchorOf(event), isFlow: event.style === COLLECTION_STYLE.FLOW });
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    const { kind, nodes, offset, anchor } = frame;
    const [first] = nodes;
    if (kind === 'map') this.#put(this.#buildMap(nodes, { offset }), anchor);
    else if (kind === 'list') this.#put(listOf(nodes, offset), anchor);
    else if (first !== undefined) this.#documents.push(first);
  }

  #put(node: YamlNode, anchor: string): void {
    const { size, depth } = node;
    if (size > MAX_SIZE) throw this.#error(`more than ${MAX_SIZE} values, aliases counted as often as they are used`);
    if (depth > MAX_DEPTH) throw this.#error(`more than ${MAX_DEPTH} levels, aliases counted`);
    if (anchor !== '') this.#anchors.set(anchor, node);
    this.#frames.at(-1)?.nodes.push(node);
  }

  #resolve({ anchorStart, anchorEnd }: AliasEvent): YamlNode {
    this.#offset = anchorStart - 1;
    const name = this.#slice(anchorStart, anchorEnd);
    if (++this.#aliases > MAX_ALIASES) throw this.#error(`more than ${MAX_ALIASES} aliases`);
    const node = this.#anchors.get(name);
    if (node === undefined) throw this.#error(`alias *${quote(name)} names nothing that ends before it`);
    return node;
  }

  #anchorOf({ anchorStart, anchorEnd }: { anchorStart: number; anchorEnd: number }): string {
    return this.#slice(anchorStart, anchorEnd);
  }

  #slice(start: number, end: number): string {
    return start === -1 ? '' : this.#options.text.slice(start, end);
  }

  #error(text: string): Error {
    return errorAt(this.#options.locate(this.#offset), 'syntax', text);
  }
}

const listOf = (items: readonly YamlNode[], offset: number): YamlNode => ({
  kind: 'list',
  items,
  offset,
  size: items.reduce((sum, { size }) => sum + size, 1),
  depth: items.reduce((deepest, { depth }) => Math.max(deepest, depth), 0) + 1,
});

/**
 * Composes the documents of a text.
 *
 * @throws {ManifestError} for what only an attacker would write
 */
export function composeYaml(events: readonly YamlEvent[], options: ComposeOptions): readonly YamlNode[] {
  return new Composer(options).compose(events);
}
