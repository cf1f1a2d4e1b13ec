// `npm run bench`: what we cost, as ratios to BuildKit's own command. A missed goal is marked, and is not an error.

import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { setUp } from '../set-up/main.mjs';
import { formatTable } from './format-table.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError(`Cannot run "${values.rounds}" rounds`);

// Ctrl-C ends what was started; its folders go as after any other end.
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => interrupted.abort(new Error(name)));

async function runBenchmark({ name, title, goal, run }) {
  process.stderr.write(`bench: ${title}…\n`);
  const folder = mkdtempSync(join(tmpdir(), 'cb-bench-'));
  try {
    const result = await run({ folder, rounds, signal: interrupted.signal });
    return { name, title, goal, isMet: result.ratio <= goal, ...result };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await setUp();
// After set-up, which compiles what they import.
const { BENCHMARKS } = await import('./benchmarks.mjs');
const results = [];
for (const benchmark of BENCHMARKS) {
  if (values.only === undefined || values.only.includes(benchmark.name)) results.push(await runBenchmark(benchmark));
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
const date = new Date().toISOString().slice(0, 10);
if (values.json) process.stdout.write(`${JSON.stringify({ date, machine, rounds, results }, null, 2)}\n`);
else process.stdout.write(`\n${formatTable(results)}\n\n${date}, ${machine}, ${rounds} rounds\n`);
