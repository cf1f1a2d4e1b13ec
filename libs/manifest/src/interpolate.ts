/**
 * Marks a place where a value goes, by the value's number. Characters from a private area: they mean nothing to YAML and
 * stand in no honest manifest.
 */
const OPEN = '\uE0C0';
const CLOSE = '\uE0C1';
const PLACEHOLDER = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g');

/** A manifest's text with inert marks in place of `${NAME}`. */
export interface Interpolation {
  readonly text: string;
  /** Names that are used, in order, each once. */
  readonly names: readonly string[];
  /** Puts the values into a scalar that was parsed. */
  readonly fill: (scalar: string) => string;
}

/** Tells whether a scalar has marks in it. */
export function hasPlaceholder(scalar: string): boolean {
  return scalar.includes(OPEN);
}

/**
 * Replaces each `${NAME}` (anything up to the next `}`) by a mark. The values come in after parsing, so that none of them
 * can change the structure. A variable that is not set is an empty string.
 */
export function interpolate(text: string, variables: ReadonlyMap<string, string>): Interpolation {
  const names: string[] = [];
  const marked = text.replaceAll(OPEN, '').replace(/\$\{([^}]*)\}/g, (_match, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `${OPEN}${names.indexOf(name)}${CLOSE}`;
  });
  const value = (index: string) => variables.get(names[Number(index)] ?? '') ?? '';
  return {
    text: marked,
    names,
    fill: (scalar) => scalar.replace(PLACEHOLDER, (_match, index: string) => value(index)),
  };
}
