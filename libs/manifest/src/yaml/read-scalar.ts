import { getScalarValue, SCALAR_STYLE } from 'js-yaml';

import { errorAt, type Remark } from '../manifest-error.js';
import { quote } from '../quote.js';
import { changesStructure } from './changes-structure.js';
import type { Locator } from './create-locator.js';
import { hasMark, type Interpolation, type Mark } from './interpolate.js';
import { resolvePlain, resolveTagged } from './resolve-scalar.js';
import type { ScalarEvent } from './yaml-events.js';
import type { YamlScalar } from './yaml-node.js';

/** Where a scalar stands, for what YAML takes for something else there. */
export interface ScalarContext {
  readonly offset: number;
  readonly isFlow: boolean;
  readonly isKey: boolean;
}

/** Reads the scalars of one manifest. */
export interface ScalarReader {
  readonly read: (event: ScalarEvent, context: ScalarContext) => YamlScalar;
  /** Offsets of the marks that were read. */
  readonly filled: ReadonlySet<number>;
}

/** What scalars are read from. */
export interface ScalarSource {
  /** As the person wrote it. */
  readonly original: string;
  readonly interpolation: Interpolation;
  readonly locate: Locator;
  readonly warn: (remark: Remark) => void;
}

/** The first of the sorted marks that does not lie before `offset`. */
function findMark(marks: readonly Mark[], offset: number): number {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.offset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function marksWithin(marks: readonly Mark[], { valueStart, valueEnd }: ScalarEvent): Mark[] {
  const found: Mark[] = [];
  for (let at = findMark(marks, valueStart); (marks[at]?.offset ?? Infinity) < valueEnd; at++) {
    const mark = marks[at];
    if (mark !== undefined) found.push(mark);
  }
  return found;
}

/** Creates the reader of a manifest's scalars: it puts the values of variables in, and only then decides on types. */
export function createScalarReader({ original, interpolation, locate, warn }: ScalarSource): ScalarReader {
  const filled = new Set<number>();
  const { marks, valueOf, fill, text: marked } = interpolation;

  const paste = (event: ScalarEvent, inside: readonly Mark[]): string => {
    let at = event.valueStart;
    const pieces = inside.flatMap(({ offset, end, name }) => {
      const before = original.slice(at, offset);
      at = end;
      return [before, valueOf(name)];
    });
    return [...pieces, original.slice(at, event.valueEnd)].join('');
  };
  const fillIn = (raw: string, event: ScalarEvent, context: ScalarContext): string => {
    const text = fill(raw);
    const inside = marksWithin(marks, event);
    for (const { offset } of inside) filled.add(offset);
    const values = inside.map(({ name }) => valueOf(name));
    if (changesStructure({ style: event.style, values, pasted: paste(event, inside), text, ...context })) {
      warn({ place: locate(context.offset), text: explainPasting(inside) });
    }
    return text;
  };

  return {
    filled,
    read: (event, context) => {
      const { offset } = context;
      const raw = getScalarValue(marked, event);
      const text = hasMark(raw) ? fillIn(raw, event, context) : raw;
      const tag = event.tagStart === -1 ? '' : marked.slice(event.tagStart, event.tagEnd);
      const isPlain = event.style === SCALAR_STYLE.PLAIN;
      const value = tag !== '' ? resolveTagged(text, tag) : isPlain ? resolvePlain(text) : text;
      if (value === undefined) throw errorAt(locate(offset), 'syntax', `tag ${quote(tag)} is unknown or does not fit`);
      return { kind: 'scalar', text, value, offset, size: 1, depth: 1 };
    },
  };
}

/** Warns of values that stay what they are here, and would not where values are pasted into the text. */
export function explainPasting(marks: readonly Mark[]): string {
  const names = [...new Set(marks.map(({ name }) => quote(`\${${name}}`)))].join(', ');
  return `the value of ${names} would change the structure of this file; it is taken as text`;
}
