import type { YamlMap } from './parse-yaml.js';

/** How many letters have to change to make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const change = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function nearest(key: string, known: readonly string[]): string | undefined {
  const candidates = known.map((word) => ({ word, far: distance(key, word) })).sort((a, b) => a.far - b.far);
  const [best] = candidates;
  return best !== undefined && best.far <= Math.max(2, Math.floor(key.length / 3)) ? best.word : undefined;
}

/** Warns of every key that means nothing, with the one that was probably meant. */
export function warnOfUnknownKeys(
  map: YamlMap,
  { known, fileName, where }: { known: readonly string[]; fileName: string; where: string },
): string[] {
  return [...map.keys()]
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = nearest(key.slice(0, 64), known);
      const hint = meant === undefined ? '' : `, did you mean ${meant}?`;
      return `warning: ${fileName}: unknown key ${key.slice(0, 64)}${where}${hint}`;
    });
}
