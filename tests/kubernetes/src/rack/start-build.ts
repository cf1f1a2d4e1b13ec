import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BUSYBOX, COUNTED_LINE, countLines, waitUntil } from '@convox-builds/testing';

import { type CommandEnd, startConvox } from './convox.js';
import type { Rack } from './rack.js';

const RUNS_WITHIN_MS = 180_000;

/** The app that all builds of these tests are of. */
export const APP = 'kubernetes';

/** A `convox build` that runs. */
export interface RunningBuild {
  /** How many counted lines it prints. */
  readonly lines: number;
  readonly ended: Promise<CommandEnd>;
}

// Each build is another one, so that nothing of it is cached.
const dockerfile = (command: string) => `FROM scratch
COPY busybox /bin/busybox
SHELL ["/bin/busybox", "sh", "-c"]
RUN ${command}; echo ${randomUUID()} > /mark
`;

/** Starts `convox build` with a step that runs a shell command of busybox, and gives its end. */
export async function buildCommand(rack: Rack, command: string) {
  const folder = await mkdtemp(join(tmpdir(), 'cb-'));
  await copyFile(BUSYBOX, join(folder, 'busybox'));
  await writeFile(join(folder, 'Dockerfile'), dockerfile(command));
  await writeFile(join(folder, 'convox.yml'), 'services:\n  web:\n    build: .\n');
  const { output, ended } = startConvox(rack, ['build', folder, '--app', APP]);
  return { output, ended: ended.finally(() => rm(folder, { recursive: true })) };
}

/** Starts a build that prints a line each second, and waits until it does. */
export async function startBuild(rack: Rack, lines: number): Promise<RunningBuild> {
  const { output, ended } = await buildCommand(rack, countLines(lines, 1));
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  const what = 'a build runs';
  await waitUntil(() => hasEnded || output().includes(COUNTED_LINE), { what, timeoutMs: RUNS_WITHIN_MS });
  return { lines, ended };
}
