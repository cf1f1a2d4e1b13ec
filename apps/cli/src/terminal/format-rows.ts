import { paint, paintState } from './paint.js';

/** Lines are kept; nothing else in a value may move the cursor. */
function cleanLines(value: string): readonly string[] {
  return value.split('\n').map((line) => line.replace(/\p{Cc}+/gu, ' ').trimEnd());
}

/** Sets rows of `Header  value`, headers padded; a value of several lines continues below its own column. */
export function formatRows(
  rows: readonly (readonly [string, string])[],
  { isPainted = false }: { readonly isPainted?: boolean } = {},
): string {
  const width = Math.max(0, ...rows.map(([header]) => header.length));
  const format = ([header, value]: readonly [string, string]) => {
    const text = cleanLines(value).join(`\n${' '.repeat(width + 2)}`);
    const padded = header.padEnd(width);
    if (!isPainted) return `${padded}  ${text}\n`;
    return `${paint(padded, 'bold')}  ${header === 'Status' ? paintState(text) : text}\n`;
  };
  return rows.map(format).join('');
}
