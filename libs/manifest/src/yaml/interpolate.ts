import { errorAt } from '../manifest-error.js';
import type { Locator } from './create-locator.js';

/**
 * A mark is as long as the `${NAME}` that it stands for, so that every offset stays what it was: one character of the
 * last two planes (they are for private use and stand in no honest manifest) that tells which name, then fillers.
 */
const FIRST_NUMBER = 0xf0000;
const FILLER = '\uFDD0';
const MARK = /([\u{F0000}-\u{10FFFF}])\uFDD0+/gu;

/** What all values together may add. */
const MAX_FILLED_LENGTH = 1024 * 1024;

/** One `${NAME}` in a text. */
export interface Mark {
  readonly offset: number;
  readonly end: number;
  readonly name: string;
}

/** A manifest's text with inert marks in place of `${NAME}`. */
export interface Interpolation {
  readonly text: string;
  /** In the order of the text. */
  readonly marks: readonly Mark[];
  /** The value of a variable; an empty text when it is not set. */
  readonly valueOf: (name: string) => string;
  /** Puts the values into a scalar that was parsed. */
  readonly fill: (scalar: string) => string;
}

/** Tells whether a scalar has marks in it. */
export function hasMark(scalar: string): boolean {
  return scalar.includes(FILLER);
}

function findMarks(text: string): Mark[] {
  const marks: Mark[] = [];
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', marks.at(-1)?.end)) {
    const close = text.indexOf('}', at);
    if (close === -1) break;
    marks.push({ offset: at, end: close + 1, name: text.slice(at + 2, close) });
  }
  return marks;
}

function putMarks(text: string, marks: readonly Mark[], names: readonly string[]): string {
  const numbers = new Map(names.map((name, number) => [name, number]));
  let at = 0;
  const pieces = marks.flatMap(({ offset, end, name }) => {
    const before = text.slice(at, offset);
    at = end;
    const mark = String.fromCodePoint(FIRST_NUMBER + (numbers.get(name) ?? 0));
    return [before, mark, FILLER.repeat(end - offset - mark.length)];
  });
  return [...pieces, text.slice(at)].join('');
}

/**
 * Replaces each `${NAME}` (anything up to the next `}`) by a mark. The values come in after parsing, so that none of them
 * can change the structure. A variable that is not set is an empty text.
 *
 * @throws {ManifestError}
 */
export function interpolate(
  text: string,
  { variables, locate }: { variables: ReadonlyMap<string, string>; locate: Locator },
): Interpolation {
  const foreign = text.indexOf(FILLER);
  if (foreign !== -1) throw errorAt(locate(foreign), 'syntax', 'the character U+FDD0 is not allowed');
  const marks = findMarks(text);
  const names = [...new Set(marks.map(({ name }) => name))];
  const valueOf = (name: string) => variables.get(name) ?? '';
  let filledLength = 0;
  const valueOfMark = (whole: string, mark: string) => {
    const name = names[(mark.codePointAt(0) ?? 0) - FIRST_NUMBER];
    if (name === undefined) return whole;
    const value = valueOf(name);
    filledLength += value.length;
    if (filledLength <= MAX_FILLED_LENGTH) return value;
    throw errorAt(locate(0), 'syntax', `the values of its variables have more than ${MAX_FILLED_LENGTH} characters`);
  };
  return {
    text: putMarks(text, marks, names),
    marks,
    valueOf,
    fill: (scalar) => (hasMark(scalar) ? scalar.replace(MARK, valueOfMark) : scalar),
  };
}
