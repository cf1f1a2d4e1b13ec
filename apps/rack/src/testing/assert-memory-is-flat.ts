import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { listProcesses } from '@convox-builds/testing';
import type { ExecutionContext } from 'ava';

import { createSource } from './create-source.js';
import type { TestRack } from './start-test-rack.js';

const MIB = 1024 * 1024;
const LARGE = 256;
/** What garbage collection leaves lying about differs from run to run; whoever holds on to the data needs much more. */
const TOLERATED = 160;

/** A source of this many MiB that cannot be compressed, whose build prints as many MiB. */
async function createSourceOf(t: ExecutionContext, mebibytes: number): Promise<string> {
  const output = `yes ${'x'.repeat(127)} | head -c ${mebibytes * MIB}`;
  const source = await createSource(t, { Dockerfile: `FROM busybox\nCOPY data /\nRUN ${output}\n` });
  for (let written = 0; written < mebibytes; written++) await appendFile(join(source, 'data'), randomBytes(MIB));
  return source;
}

/** Peak resident memory of a process so far, in MiB; 0 when it has just ended. */
function readPeak(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const PROGRAMS = /\/(?:apps\/)?(api|worker|cli)\/(?:dist\/main|bin\/convox)\.js/;

/** Builds a source, and tells the highest peak of each program of ours. */
async function measureBuild(rack: TestRack, source: string): Promise<Map<string, number>> {
  const peaks = new Map<string, number>();
  const build = rack.start(['build', '--app', 'memory'], source);
  let isOver = false;
  void build.ended.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    for (const { pid, commandLine } of [...listProcesses(rack.folder), ...listProcesses(rack.url)]) {
      const [, program] = PROGRAMS.exec(commandLine) ?? [];
      if (program !== undefined) peaks.set(program, Math.max(peaks.get(program) ?? 0, readPeak(pid)));
    }
    await sleep(50);
  }
  const { code, stderr } = await build.ended;
  if (code !== 0) throw new Error(stderr);
  return peaks;
}

/** Asserts that a large source and a large log take no more memory than small ones, in any of our programs. */
export async function assertMemoryIsFlat(t: ExecutionContext, rack: TestRack): Promise<void> {
  await rack.convox(['apps', 'create', 'memory']);
  const small = await measureBuild(rack, await createSourceOf(t, 1));
  const large = await measureBuild(rack, await createSourceOf(t, LARGE));
  t.deepEqual([...small.keys()].sort(), ['api', 'cli', 'worker']);
  for (const [program, peak] of large) {
    const grown = peak - (small.get(program) ?? 0);
    t.log(`${program}: ${Math.round(peak)} MiB, ${Math.round(grown)} more than for 1 MiB`);
    t.true(grown < TOLERATED, `${program} grew by ${Math.round(grown)} MiB`);
  }
}
