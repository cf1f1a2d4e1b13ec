/** A step of a pattern: a character, one or any number of characters of a name, any at all, or `**` + `/`, which may be nothing. */
type Step = { readonly character: string } | 'one' | 'some' | 'any' | 'folders';

/** `folders` is followed by `any` and a slash, which it may leave out. */
const FOLDERS: readonly Step[] = ['folders', 'any', { character: '/' }];

function parseSteps(pattern: string): Step[] {
  const steps: Step[] = [];
  const pieces = pattern.match(/\*\*\/|\*+|./gsu) ?? [];
  for (const [index, piece] of pieces.entries()) {
    const isAtName = index === 0 || pieces[index - 1]?.endsWith('/') === true;
    if (piece === '**/' && isAtName) steps.push(...FOLDERS);
    else if (piece === '**/') steps.push('any', { character: '/' });
    else if (piece === '*') steps.push('some');
    else if (piece.startsWith('*')) steps.push('any');
    else steps.push(piece === '?' ? 'one' : { character: piece });
  }
  return steps;
}

const accepts = (step: Step, character: string) =>
  typeof step === 'object' ? step.character === character : step === 'any' || character !== '/';

/** Adds the places that are reached without a character; all of them lie ahead. */
function settle(places: Uint8Array, steps: readonly Step[]): void {
  for (const [place, step] of steps.entries()) {
    if (places[place] !== 1) continue;
    if (step === 'some' || step === 'any' || step === 'folders') places[place + 1] = 1;
    if (step === 'folders') places[place + FOLDERS.length] = 1;
  }
}

function matches(steps: readonly Step[], text: string): boolean {
  let [places, next] = [new Uint8Array(steps.length + 1), new Uint8Array(steps.length + 1)];
  places[0] = 1;
  settle(places, steps);
  for (const character of text) {
    next.fill(0);
    for (const [place, step] of steps.entries()) {
      if (places[place] !== 1 || step === 'folders' || !accepts(step, character)) continue;
      next[step === 'some' || step === 'any' ? place : place + 1] = 1;
    }
    settle(next, steps);
    [places, next] = [next, places];
  }
  return places[steps.length] === 1;
}

/** Makes what tells whether a text matches one pattern, in time that is proportional to both: all ways are followed at once. */
export function compilePattern(pattern: string): (text: string) => boolean {
  const steps = parseSteps(pattern);
  return (text) => matches(steps, text);
}
