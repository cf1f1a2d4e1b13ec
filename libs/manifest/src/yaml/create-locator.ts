/** Says where an offset of a text is, for a person: `convox.yml:12:5`. */
export type Locator = (offset: number) => Place;

/** A place in a file; line and column are counted from 1, columns as editors do it, in UTF-16 units. */
export interface Place {
  readonly fileName: string;
  readonly line: number;
  readonly column: number;
}

/** Writes a place as compilers do. */
export const formatPlace = ({ fileName, line, column }: Place): string => `${fileName}:${line}:${column}`;

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + lineBreak.length);
  return starts;
}

/** The last of the sorted numbers that is not above `offset`. */
function findLine(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Prepares a text for many questions. */
export function createLocator(text: string, fileName: string): Locator {
  const starts = findLineStarts(text);
  // A byte order mark is nothing that a person sees.
  if (text.startsWith('\uFEFF')) starts[0] = 1;
  return (offset) => {
    const line = findLine(starts, offset);
    return { fileName, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}
