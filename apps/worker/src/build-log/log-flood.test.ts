import { setTimeout as sleep } from 'node:timers/promises';

import test from 'ava';

import { createBuildLog } from './build-log.js';
import { createSecretMasker } from './mask-secrets.js';
import { createSolveLog } from './solve-log.js';

/** A store that takes a while, as a busy database does. */
const STORE_TAKES_MS = 10;

function openLog(onStored: (text: string) => void) {
  return createBuildLog({
    append: async (bytes) => {
      await sleep(STORE_TAKES_MS);
      onStored(bytes.toString('utf8'));
      return 1;
    },
    announce: () => {},
    onFenced: () => {},
    onBytes: () => {},
    masker: createSecretMasker(['a secret', 'another secret']),
    maxBytes: 1_000_000_000,
    signal: new AbortController().signal,
  });
}

/** Prints as fast as the log takes it, until told to stop; tells how many bytes. */
async function flood(signal: AbortSignal): Promise<number> {
  const log = openLog(() => {});
  const solveLog = createSolveLog('web', log);
  const bytes = Buffer.from('flood of a build that prints and prints\n'.repeat(800));
  let sent = 0;
  for (; !signal.aborted; sent += bytes.length) {
    solveLog.add({ vertexes: [], progress: [], warnings: [], logs: [{ vertex: 'sha256:a', stream: 1, bytes }] });
    await log.ready();
    // Every message of BuildKit comes in a turn of its own.
    await new Promise(setImmediate);
  }
  await log.end();
  return sent;
}

const LINES = 50;

test('createBuildLog() stores the lines of a build while another one floods', async (t) => {
  const delays: number[] = [];
  const log = openLog((text) => {
    for (const [, at] of text.matchAll(/^tick (\S+)$/gm)) delays.push(performance.now() - Number(at));
  });
  const dry = new AbortController();
  const flooding = flood(dry.signal);
  // The flood ends when they are stored, and not before.
  while (delays.length < LINES) {
    log.line(`tick ${performance.now()}`);
    await sleep(20);
  }
  dry.abort();
  const [flooded] = await Promise.all([flooding, log.end()]);
  delays.sort((a, b) => a - b);
  const [median = 0, worst = 0] = [delays[Math.floor(delays.length / 2)], delays.at(-1)];
  t.log(`${delays.length} lines, median ${Math.round(median)} ms, worst ${Math.round(worst)} ms`);
  t.true(flooded > 1_000_000, `${flooded} bytes of flood`);
});
