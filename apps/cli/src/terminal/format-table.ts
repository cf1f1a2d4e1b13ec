function widths(rows: readonly (readonly string[])[]): readonly number[] {
  const [first = []] = rows;
  return first.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
}

function formatRow(row: readonly string[], columnWidths: readonly number[]): string {
  return row
    .map((cell, column) => {
      const isLast = column === row.length - 1;
      return isLast ? cell : cell + ' '.repeat((columnWidths[column] ?? 0) - [...cell].length);
    })
    .join('  ');
}

/** A cell must not break its row, nor send control codes to a terminal. */
function cleanCell(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** Sets a table: columns as wide as their widest cell, two spaces between, the last one unpadded; one line a row. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows.map((row) => row.map(cleanCell))];
  const columnWidths = widths(all);
  return all.map((row) => `${formatRow(row, columnWidths)}\n`).join('');
}

/** Sets rows of `Header  value`, headers padded; a value of several lines continues below its own column. */
export function formatRows(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([header]) => header.length));
  return rows
    .map(([header, value]) => `${header.padEnd(width)}  ${value.split('\n').join(`\n${' '.repeat(width + 2)}`)}\n`)
    .join('');
}
