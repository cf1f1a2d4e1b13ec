// Times two ways of doing one thing, in turn (A B A B …), so that a machine that speeds up or slows down does so for both.

/** The middle one of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function time(run, round) {
  const startedAt = performance.now();
  const took = await run(round);
  return typeof took === 'number' ? took : performance.now() - startedAt;
}

/**
 * Runs `ours` and `peer` in turn, after one round that is not counted. A run may answer its own milliseconds, when
 * something in it is not to be timed.
 */
export async function compare({ title, rounds, ours, peer }) {
  const times = { ours: [], peer: [] };
  for (let round = 0; round <= rounds; round++) {
    // Who goes first changes from round to round.
    const order = round % 2 === 0 ? ['ours', 'peer'] : ['peer', 'ours'];
    for (const side of order) {
      const ms = await time(side === 'ours' ? ours : peer, round);
      if (round > 0) times[side].push(ms);
    }
  }
  return { title, rounds, ours: times.ours, peer: times.peer };
}

const format = (values) =>
  `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;

/** Writes the results as a table of medians, spreads and ratios. */
export function formatTable(results) {
  const rows = results.map(({ title, ours, peer, rounds, goal }) => [
    title,
    format(ours),
    format(peer),
    (median(ours) / median(peer)).toFixed(2),
    `≤ ${goal.toFixed(1)}`,
    String(rounds),
  ]);
  const head = ['what', 'ours', 'buildctl', 'ratio', 'goal', 'rounds'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
