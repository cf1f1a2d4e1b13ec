// `npm run bench`: what we cost, next to BuildKit's own command or to BullMQ. A missed goal is marked, and is not an error.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { setUp } from '../set-up/main.mjs';
import { formatTable } from './format-table.mjs';
import { chooseBenchmarks, readOptions } from './options.mjs';

// Ctrl-C ends what was started; its folders go as after any other end.
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => interrupted.abort(new Error(name)));

const isInstalled = (program) => spawnSync(program, ['--version']).status === 0;

/** A benchmark has one result, or several with a title and a goal each; none where its peer is not installed. */
async function runBenchmark({ run, needs, ...benchmark }, rounds) {
  if (needs !== undefined && !isInstalled(needs)) {
    process.stderr.write(`bench: left out: ${benchmark.title}: no ${needs} (Debian: apt-get install ${needs})\n`);
    return [];
  }
  process.stderr.write(`bench: ${benchmark.title}…\n`);
  const folder = mkdtempSync(join(tmpdir(), 'cb-bench-'));
  try {
    const results = [await run({ folder, rounds, signal: interrupted.signal })].flat();
    return results
      .map((result) => ({ ...benchmark, ...result }))
      .map((result) => ({ ...result, isMet: result.value <= result.goal }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the benchmarks import is there, and compiled, only after set-up. */
async function runBenchmarks({ only, rounds }) {
  const { BENCHMARKS } = await import('./benchmarks.mjs');
  const results = [];
  for (const benchmark of chooseBenchmarks(BENCHMARKS, only)) results.push(...(await runBenchmark(benchmark, rounds)));
  return results;
}

function print(results, { json, rounds }) {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  const date = new Date().toISOString().slice(0, 10);
  if (json) process.stdout.write(`${JSON.stringify({ date, machine, rounds, results }, null, 2)}\n`);
  else process.stdout.write(`\n${formatTable(results)}\n\n${date}, ${machine}, ${rounds} rounds\n`);
}

try {
  const options = readOptions(process.argv.slice(2));
  await setUp();
  print(await runBenchmarks(options), options);
} catch (error) {
  // What breaks because everything was told to stop is not worth a word.
  const text = error instanceof TypeError ? error.message : (error.stack ?? error);
  process.stderr.write(`bench: ${interrupted.signal.aborted ? 'interrupted' : text}\n`);
  process.exitCode = 1;
}
