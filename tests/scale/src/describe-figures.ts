import type { Load } from './read-load.js';
import type { Figures, Simulation } from './simulate.js';

type Sample = Figures['samples'][number];

const round = (value: number) => (value < 10 ? value.toFixed(2) : String(Math.round(value)));

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** The largest growth per second between two samples. */
function peakRate(samples: readonly Sample[], read: (load: Load) => number): number {
  const rates = samples.flatMap((sample, index) => {
    const before = samples[index - 1];
    return before === undefined ? [] : [((read(sample) - read(before)) * 1000) / (sample.atMs - before.atMs)];
  });
  return Math.max(...rates);
}

const peak = (samples: readonly Sample[], read: (load: Load) => number) => Math.max(...samples.map(read));

/** By part: what it takes with nothing to do, what each build takes on top of that, and what it takes at most. */
function describeParts(builds: number, samples: readonly Sample[]): string[] {
  const [start, idle] = samples;
  const last = samples.at(-1);
  if (start === undefined || idle === undefined || last === undefined) return [];
  return Object.keys(last.seconds).map((part) => {
    const secondsAt = (load: Load) => load.seconds[part] ?? 0;
    const idleCores = peakRate([start, idle], secondsAt);
    const idleSeconds = (idleCores * (last.atMs - idle.atMs)) / 1000;
    const buildMs = (1000 * (secondsAt(last) - secondsAt(idle) - idleSeconds)) / builds;
    const cores = peakRate(samples, secondsAt);
    const megabytes = peak(samples, (load) => load.megabytes[part] ?? 0);
    return `${part}: ${round(idleCores)} cores idle, ${round(buildMs)} ms of processor time a build, at most ${round(cores)} cores and ${round(megabytes)} MB`;
  });
}

/** Writes the figures for people. */
export function describeFigures(simulation: Simulation, { clients, ends, samples }: Figures): string {
  const { builds, workers, apis, fromHour, hours, speed } = simulation;
  const wait = Object.entries(ends.waitMs).map(([name, ms]) => `${name} ${round(ms)}`);
  const states = Object.entries(ends.states).map(([state, count]) => `${count} ${state}`);
  const lines = [
    `${clients.accepted} builds: ${hours} hours from ${fromHour} of a day of ${builds}, ${speed} times as fast, ${workers} workers, ${apis} apis`,
    `ends: ${states.join('; ')}; ${ends.releases} releases; ${ends.lostWorkers} lost a worker; ${clients.refused} refused`,
    `wait until the first claim, ms: ${wait.join(', ')}`,
    `requests for builds, ms: p50 ${round(percentile(clients.requestMs, 0.5))}, p99 ${round(percentile(clients.requestMs, 0.99))}; at most ${round(clients.maxLateMs)} ms after their time`,
    `builds at most: ${peak(samples, ({ queued }) => queued)} wait, ${peak(samples, ({ running }) => running)} run`,
    `database: ${round(peakRate(samples.slice(0, 2), ({ transactions }) => transactions))} transactions/s idle, at most ${round(peakRate(samples, ({ transactions }) => transactions))} transactions/s, ${peak(samples, ({ connections }) => connections)} connections`,
    `Redis: at most ${round(peakRate(samples, ({ redisCommands }) => redisCommands))} commands/s, ${round(peak(samples, ({ redisMegabytes }) => redisMegabytes))} MB, ${peak(samples, ({ redisClients }) => redisClients)} connections`,
    ...describeParts(clients.accepted, samples),
    'statements of the database:',
    ...ends.statements.map(
      ({ percent, calls, meanMs, statement }) => `  ${percent} %  ${calls} × ${meanMs} ms  ${statement}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
