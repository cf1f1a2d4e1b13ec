import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml';

import type { ScalarEvent } from './yaml-events.js';

/** A scalar into which values were put. */
export interface FilledScalar {
  readonly style: ScalarEvent['style'];
  readonly values: readonly string[];
  /** As it would stand in the file if the values were pasted into it, without its quotes. */
  readonly pasted: string;
  /** As it was read. */
  readonly text: string;
  readonly isFlow: boolean;
  readonly isKey: boolean;
}

const QUOTES: Partial<Readonly<Record<ScalarEvent['style'], string>>> = {
  [SCALAR_STYLE.SINGLE_QUOTED]: "'",
  [SCALAR_STYLE.DOUBLE_QUOTED]: '"',
};

/** Values of these characters mean nothing to YAML, wherever they stand. */
const HARMLESS = /^[\w./+=~^%$-]*$/;

const isBlock = (style: ScalarEvent['style']) =>
  style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;

/** Puts a scalar where it stands: as an item or as a key, in a block or between brackets. */
function surround(scalar: string, { isFlow, isKey }: FilledScalar): string {
  if (isKey) return isFlow ? `{${scalar}: 0}` : `${scalar}: 0`;
  return isFlow ? `[${scalar}]` : `- ${scalar}`;
}

/** The scalars of a text of one collection, which may be a mapping of one key; `undefined` when there is more in it. */
function readScalars(source: string): string[] | undefined {
  const [, , ...inner] = parseEvents(source, {}).filter(({ type }) => type !== EVENT_ID.POP);
  const scalars = inner.map((event) => (event.type === EVENT_ID.SCALAR ? getScalarValue(source, event) : undefined));
  return scalars.every((scalar) => scalar !== undefined) ? scalars : undefined;
}

/**
 * Tells whether values would have been read as something else if they had been pasted into the text of the file, as
 * Convox does it: then the person may have meant that.
 */
export function changesStructure(scalar: FilledScalar): boolean {
  const { style, values, pasted, text, isKey } = scalar;
  if (values.every((value) => HARMLESS.test(value))) return false;
  // The lines of a value after its first one would stand at the margin, outside of the block.
  if (isBlock(style)) return values.some((value) => value.includes('\n'));
  const quote = QUOTES[style];
  const expected = quote === undefined ? text.trim() : text;
  if (expected === '') return false;
  try {
    const [first, ...others] = readScalars(surround(`${quote ?? ''}${pasted}${quote ?? ''}`, scalar)) ?? [];
    return first !== expected || others.length !== (isKey ? 1 : 0);
  } catch {
    return true;
  }
}
