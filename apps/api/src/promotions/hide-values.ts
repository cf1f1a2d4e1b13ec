const MASK = '****';
/** Shorter values would blank out half of an ordinary sentence; the same length as in the log of a build. */
const MIN_LENGTH = 4;

/** Replaces the values of an environment in a text that anybody may read; the longest first, for one may hold another. */
export function hideValues(text: string, environment: Readonly<Record<string, string>>): string {
  const values = Object.values(environment).filter(({ length }) => length >= MIN_LENGTH);
  return values.sort((a, b) => b.length - a.length).reduce((hidden, value) => hidden.replaceAll(value, MASK), text);
}
