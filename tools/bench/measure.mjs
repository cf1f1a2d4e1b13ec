// Times two ways of doing one thing, in turn (A B B A …), so that a machine that speeds up or slows down does so for both.

/** The middle one of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** That which all but the worst of a hundred stay within. */
function percentile99(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1];
}

async function time(run, round) {
  const startedAt = performance.now();
  const took = await run(round);
  return typeof took === 'number' ? took : performance.now() - startedAt;
}

/** Times of many single requests. */
export const summariseLatencies = (ms) => ({ ...summarise(ms), p99: percentile99(ms) });

const summarise = (ms) => ({ median: median(ms), min: Math.min(...ms), max: Math.max(...ms), ms });

/**
 * Runs `ours` and `peer` in turn, after one round that is not counted. A run may answer its own milliseconds, when
 * something in it is not to be timed.
 */
export async function compare({ rounds, signal, ours, peer }) {
  const times = { ours: [], peer: [] };
  for (let round = 0; round <= rounds; round++) {
    // Who goes first changes from round to round.
    const order = round % 2 === 0 ? ['ours', 'peer'] : ['peer', 'ours'];
    for (const side of order) {
      signal.throwIfAborted();
      const ms = await time(side === 'ours' ? ours : peer, round);
      if (round > 0) times[side].push(ms);
    }
  }
  const value = median(times.ours) / median(times.peer);
  return { rounds, unit: 'ratio', value, ours: summarise(times.ours), peer: summarise(times.peer) };
}
