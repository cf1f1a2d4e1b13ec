const HEAD = ['what', 'ours: median (min–max) ms', 'buildctl: median (min–max) ms', 'ratio', 'goal', ''];

const formatTimes = ({ median, min, max }) => `${median.toFixed(0)} (${min.toFixed(0)}–${max.toFixed(0)})`;

const formatRow = ({ title, ours, peer, ratio, goal, isMet }) => [
  title,
  formatTimes(ours),
  formatTimes(peer),
  ratio.toFixed(2),
  `≤ ${goal.toFixed(2)}`,
  isMet ? 'met' : 'MISSED',
];

/** Writes the results as a table of medians, spreads and ratios. It is Markdown, so that it can go into a document. */
export function formatTable(results) {
  const rows = [HEAD, ...results.map(formatRow)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n');
}
