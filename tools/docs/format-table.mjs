/** A table of Markdown, its columns as wide as what is in them. */
export function formatTable(header, rows) {
  const cells = [header, ...rows];
  const widths = header.map((_name, column) => Math.max(...cells.map((row) => [...row[column]].length)));
  const line = (row) =>
    `| ${row.map((cell, column) => cell + ' '.repeat(widths[column] - [...cell].length)).join(' | ')} |`;
  return [line(header), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
