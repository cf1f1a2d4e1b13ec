// Times two ways of doing one thing, in turn (A B B A …), so that a machine that speeds up or slows down does so for both.

import { readProcessorTime } from './processor-time.mjs';

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

/** Seconds of processor time of each program in a round; what took nearly nothing is left out. */
function meanSeconds(runs) {
  const names = new Set(runs.flatMap(({ after }) => [...after.keys()]));
  const mean = (name) =>
    runs.reduce((sum, { before, after }) => sum + (after.get(name) ?? 0) - (before.get(name) ?? 0), 0) / runs.length;
  const means = [...names].map((name) => [name, Math.round(mean(name) * 100) / 100]);
  return Object.fromEntries(means.filter(([, seconds]) => seconds > 0));
}

const summariseRuns = (runs) => ({ ...summarise(runs.map(({ ms }) => ms)), processorSeconds: meanSeconds(runs) });

/**
 * Runs `ours` and `peer` in turn, after one round that is not counted. A run may answer its own milliseconds, when
 * something in it is not to be timed.
 */
export async function compare({ rounds, signal, ours, peer }) {
  const runs = { ours: [], peer: [] };
  for (let round = 0; round <= rounds; round++) {
    // Who goes first changes from round to round.
    const order = round % 2 === 0 ? ['ours', 'peer'] : ['peer', 'ours'];
    for (const side of order) {
      signal.throwIfAborted();
      const before = readProcessorTime();
      const ms = await time(side === 'ours' ? ours : peer, round);
      if (round > 0) runs[side].push({ ms, before, after: readProcessorTime() });
    }
  }
  const result = { ours: summariseRuns(runs.ours), peer: summariseRuns(runs.peer) };
  return { rounds, unit: 'ratio', value: result.ours.median / result.peer.median, ...result };
}
