/** Where one character of a `[…]` class ends; throws as `filepath.Match` does for what cannot stand there. */
function endOfClassCharacter(glob: string, start: number): number {
  const character = glob[start];
  if (character === undefined || character === '-' || character === ']') throw new SyntaxError('bad class');
  const end = character === '\\' ? start + 1 : start;
  const codePoint = glob.codePointAt(end);
  if (codePoint === undefined) throw new SyntaxError('bad escape');
  const next = end + String.fromCodePoint(codePoint).length;
  if (next >= glob.length) throw new SyntaxError('class without end');
  return next;
}

function endOfClass(glob: string, start: number): number {
  let at = glob[start] === '^' ? start + 1 : start;
  for (let count = 0; count === 0 || glob[at] !== ']'; count++) {
    at = endOfClassCharacter(glob, at);
    if (glob[at] === '-') at = endOfClassCharacter(glob, at + 1);
  }
  return at + 1;
}

/**
 * Checks the syntax of a glob by the rules of Go's `filepath.Match`, which Docker applies to every pattern.
 *
 * @throws {SyntaxError} for an open or empty class or a backslash at the end
 */
export function assertGlob(glob: string): void {
  for (let at = 0; at < glob.length; ) {
    if (glob[at] === '[') at = endOfClass(glob, at + 1);
    else if (glob[at] === '\\' && at + 1 === glob.length) throw new SyntaxError('backslash at the end');
    else at += glob[at] === '\\' ? 2 : 1;
  }
}
