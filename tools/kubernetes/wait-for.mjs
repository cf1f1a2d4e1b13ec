import { setTimeout as sleep } from 'node:timers/promises';

import { RUN } from './places.mjs';

const POLL_MS = 200;
const TIMEOUT_MS = 120_000;

/** Polls until a condition gives something that is not false, and gives it. */
export async function waitFor(what, condition) {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (performance.now() > deadline)
      throw new Error(
        `Cannot go on: ${what} did not come within ${TIMEOUT_MS} ms; its programs say why in ${RUN}/logs`,
      );
    await sleep(POLL_MS);
  }
}
