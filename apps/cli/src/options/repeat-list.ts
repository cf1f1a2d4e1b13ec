import { setTimeout as delay } from 'node:timers/promises';
import type { CommandCall } from '../command.js';
import { parseCount } from './parse-count.js';

const CLEAR_SCREEN = '\x1b[H\x1b[2J';

/** Prints a list once or, with `--watch <seconds>`, again and again until the command is interrupted. */
export async function repeatList(call: CommandCall, print: () => Promise<void>): Promise<void> {
  const watch = call.text('watch');
  if (watch === undefined) return print();
  const seconds = parseCount('--watch', watch);
  for (;;) {
    if (call.output.isTerminal) call.output.result(CLEAR_SCREEN);
    await print();
    await delay(seconds * 1000);
  }
}
