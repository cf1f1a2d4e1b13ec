import { compileTokens, type Token } from './compile-tokens.js';

/** The ASCII classes of Go's regular expressions (package regexp/syntax) that a stranger may use. */
const NAMED_CLASSES: Readonly<Record<string, string>> = {
  '[:alnum:]': '0-9A-Za-z',
  '[:alpha:]': 'A-Za-z',
  '[:blank:]': '\\t ',
  '[:digit:]': '0-9',
  '[:lower:]': 'a-z',
  '[:punct:]': '!-\\/:-@\\[-`{-~',
  '[:space:]': '\\t\\n\\v\\f\\r ',
  '[:upper:]': 'A-Z',
  '[:word:]': '0-9A-Za-z_',
  '[:xdigit:]': '0-9A-Fa-f',
};
const CLASS_PART = /\[:[a-z]+:\]|\\.|[^]/uy;

function readClass(pattern: string, at: number): { token: Token; end: number } {
  const isNegated = pattern[at + 1] === '^';
  let source = '';
  let end = at + (isNegated ? 2 : 1);
  for (let isFirst = true; pattern[end] !== ']' || isFirst; isFirst = false) {
    CLASS_PART.lastIndex = end;
    const [part] = CLASS_PART.exec(pattern) ?? [];
    if (part === undefined) throw new SyntaxError(`Cannot use pattern "${pattern}": "[" is not closed`);
    source += NAMED_CLASSES[part] ?? (/^[[\]^]$/.test(part) ? `\\${part}` : part);
    end += part.length;
  }
  const expression = classExpression(`[${isNegated ? '^' : ''}${source}]`, pattern);
  return { token: { kind: 'class', test: (char) => expression.test(char) }, end: end + 1 };
}

function classExpression(text: string, pattern: string): RegExp {
  try {
    return new RegExp(`^${text}$`, 'u');
  } catch (error) {
    throw new SyntaxError(`Cannot use pattern "${pattern}": its character class makes no sense`, { cause: error });
  }
}

/** Letters with a backslash mean what they mean in Go's regular expressions, to which Docker hands them on. */
const ESCAPED_CHARS: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const ESCAPED_CLASSES: Readonly<Record<string, RegExp>> = {
  d: /^[0-9]$/,
  D: /^[^0-9]$/u,
  s: /^[\t\n\f\r ]$/,
  S: /^[^\t\n\f\r ]$/u,
  w: /^[0-9A-Za-z_]$/,
  W: /^[^0-9A-Za-z_]$/u,
};

function escapeToken(escaped: string, pattern: string): Token {
  const expression = ESCAPED_CLASSES[escaped];
  if (expression !== undefined) return { kind: 'class', test: (char) => expression.test(char) };
  const char = ESCAPED_CHARS[escaped] ?? escaped;
  if (char === escaped && /[0-9A-Za-z]/.test(char))
    throw new SyntaxError(`Cannot use pattern "${pattern}": there is no escape "\\${escaped}"`);
  return { kind: 'char', char };
}

function readStars(pattern: string, at: number): { token: Token; end: number } {
  if (pattern[at + 1] !== '*') return { token: { kind: 'star' }, end: at + 1 };
  const end = pattern[at + 2] === '/' ? at + 3 : at + 2;
  return { token: { kind: end === pattern.length ? 'all' : 'folders' }, end };
}

function tokenise(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
    if (char === '*' || char === '[') {
      const { token, end } = char === '*' ? readStars(pattern, at) : readClass(pattern, at);
      // Folders behind folders are folders.
      if (token.kind !== 'folders' || tokens.at(-1)?.kind !== 'folders') tokens.push(token);
      at = end;
    } else if (char === '\\') {
      if (at + 1 === pattern.length) throw new SyntaxError(`Cannot use pattern "${pattern}": it ends with "\\"`);
      const escaped = String.fromCodePoint(pattern.codePointAt(at + 1) ?? 0);
      tokens.push(escapeToken(escaped, pattern));
      at += 1 + escaped.length;
    } else {
      tokens.push(char === '?' ? { kind: 'one' } : { kind: 'char', char });
      at += char.length;
    }
  }
  return tokens;
}

/** Tells a pattern that may match more than itself. */
export const hasWildcards = (pattern: string): boolean => /[*?[\]\\]/.test(pattern);

/**
 * Compiles one cleaned pattern of .dockerignore, as moby/patternmatcher does (`Pattern.compile`): `*` and `?` do not
 * cross slashes, `**` does, `[…]` is a character class, `\` escapes.
 *
 * @throws {SyntaxError} for a pattern that Docker refuses
 */
export function compilePathPattern(pattern: string): (path: string) => boolean {
  if (!hasWildcards(pattern)) return (path) => path === pattern;
  const head = pattern.endsWith('**') ? pattern.slice(0, -2) : undefined;
  if (head !== undefined && head !== '' && !hasWildcards(head)) return (path) => path.startsWith(head);
  const tail = pattern.startsWith('**') ? pattern.slice(2) : undefined;
  if (tail !== undefined && tail !== '' && !hasWildcards(tail)) {
    return (path) => path.endsWith(tail) || (tail.startsWith('/') && path === tail.slice(1));
  }
  return compileTokens(tokenise(pattern));
}
