const HEAD = ['what', 'ours, ms', 'next to, ms', 'result', 'goal', ''];

/** Of rounds the median and the spread, of single requests the median and the 99th percentile. */
function formatTimes(times) {
  if (times === undefined) return '';
  const { median, min, max, p99 } = times;
  if (p99 !== undefined) return `p50 ${median.toFixed(0)}, p99 ${p99.toFixed(0)}`;
  return `${median.toFixed(0)} (${min.toFixed(0)}–${max.toFixed(0)})`;
}

const FORMATS = {
  ratio: (value) => value.toFixed(2),
  milliseconds: (value) => `${value.toFixed(0)} ms`,
  'more milliseconds': (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(0)} ms`,
};

/** What was sent, of results that say so: below the table, since most do not. */
const formatSent = ({ title, sentBytes }) =>
  `${title}: ${sentBytes.toWorker} bytes to the worker, ${sentBytes.toDaemon} to the daemon`;

function formatRow({ title, ours, peer, unit, value, goal, isMet }) {
  const format = FORMATS[unit];
  const goalText = `≤ ${format(goal)}`;
  return [title, formatTimes(ours), formatTimes(peer), format(value), goalText, isMet ? 'met' : 'MISSED'];
}

/** Writes the results as a table of medians, spreads and what comes of them. It is Markdown, so that it can go into a document. */
export function formatTable(results) {
  const rows = [HEAD, ...results.map(formatRow)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const notes = results.filter(({ sentBytes }) => sentBytes !== undefined).map(formatSent);
  return [line(rows[0]), rule, ...rows.slice(1).map(line), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}
