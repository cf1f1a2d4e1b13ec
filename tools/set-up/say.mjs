// What set-up tells of itself: one line a step, with its time when that is worth knowing.

const WORTH_TELLING_MS = 1000;

/** Runs a step and says what it did, or why it cannot. A step answers the line's text, or nothing when there was nothing to do. */
export async function step(name, run) {
  const startedAt = performance.now();
  const text = await (async () => run())().catch((error) => giveUp(`${name}: ${error.message}`));
  if (text === undefined) return;
  const ms = performance.now() - startedAt;
  const time = ms < WORTH_TELLING_MS ? '' : ` (${(ms / 1000).toFixed(0)} s)`;
  process.stderr.write(`set-up: ${name}: ${text}${time}\n`);
}

/** Set-up cannot go on: says why and what to do, and ends. */
export function giveUp(message) {
  process.stderr.write(`set-up: ERROR: ${message}\n`);
  process.exit(1);
}
