const MAX_EDITS = 2;

/** How many letters have to be put in, left out or changed to make one word of another (Levenshtein). */
function countEdits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const changed = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The word that somebody who mistyped one probably meant. */
export function findSimilar(typed: string, words: readonly string[]): string | undefined {
  const ranked = words.map((word) => ({ word, edits: countEdits(typed, word) })).toSorted((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best !== undefined && best.edits <= MAX_EDITS && best.edits < best.word.length ? best.word : undefined;
}
