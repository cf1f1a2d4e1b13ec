const SYNTAX = new Set('^$\\.*+?()[]{}|/');
const LETTER_ESCAPES: Readonly<Record<string, string>> = {
  a: '\\x07',
  s: '[\\t\\n\\f\\r ]',
  S: '[^\\t\\n\\f\\r ]',
};
const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

function translateEscape(character: string, isInClass: boolean): string {
  if (/[dDwWfnrtv]/.test(character) || (!isInClass && /[bB]/.test(character))) return `\\${character}`;
  const known = LETTER_ESCAPES[character];
  if (known !== undefined && !isInClass) return known;
  if (/[0-9A-Za-z]|\P{ASCII}/u.test(character)) throw new SyntaxError(`bad escape \\${character}`);
  return SYNTAX.has(character) || (isInClass && character === '-') ? `\\${character}` : character;
}

interface Translated {
  readonly text: string;
  readonly length: number;
}

/** Translates the class that starts at `source[0] === '['`. A `]` right after the opening is a member. */
function translateClass(source: string): Translated {
  const opening = source.startsWith('[^') ? '[^' : '[';
  let text = opening;
  let at = opening.length;
  for (let isFirst = true; isFirst || source[at] !== ']'; isFirst = false) {
    const rest = source.slice(at);
    const posix = /^\[:(\w+):\]/.exec(rest);
    const members = POSIX_CLASSES[posix?.[1] ?? ''];
    const [character, escaped] = [...rest.slice(0, 4)];
    if (character === undefined) throw new SyntaxError('class without end');
    if (posix !== null && members !== undefined) {
      text += members;
      at += posix[0].length;
    } else if (character === '\\' && escaped !== undefined) {
      text += translateEscape(escaped, true);
      at += 1 + escaped.length;
    } else {
      text += SYNTAX.has(character) ? `\\${character}` : character;
      at += character.length;
    }
  }
  return { text: `${text}]`, length: at + 1 };
}

function translateNext(source: string): Translated {
  const [first = '', second] = [...source.slice(0, 4)];
  if (first === '[') return translateClass(source);
  if (first === '\\' && second !== undefined) {
    return { text: translateEscape(second, false), length: 1 + second.length };
  }
  if (first === '.') return { text: '[^\\n]', length: 1 };
  if (first === ']' || first === '}') return { text: `\\${first}`, length: 1 };
  const repetition = /^\{\d+(?:,\d*)?\}/.exec(source);
  if (repetition !== null) return { text: repetition[0], length: repetition[0].length };
  return { text: first === '{' ? '\\{' : first, length: first.length };
}

/**
 * Translates a regular expression of Go's `regexp` package, as far as Docker's ignore patterns can produce one, to an
 * equal one of ours.
 *
 * @throws {SyntaxError} when it is not valid
 */
export function translateGoRegExp(source: string): RegExp {
  let text = '';
  for (let at = 0; at < source.length; ) {
    const next = translateNext(source.slice(at));
    text += next.text;
    at += next.length;
  }
  return new RegExp(text, 'u');
}
