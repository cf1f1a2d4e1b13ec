import { setTimeout as delay } from 'node:timers/promises';
import { askPatiently } from '../build/ask-patiently.js';
import { assertComplete } from '../build/follow-build.js';
import { isFinalBuild } from '../build/is-final-build.js';
import { APP_OPTION, type CommandCall, type CommandDefinition, printResult } from '../command.js';
import type { Build } from '../http/rack-objects.js';
import { parseCount } from '../options/parse-count.js';

const PAUSE_MS = 1000;

async function waitForEnd(call: CommandCall, { id, limitMs }: { id: string; limitMs: number }): Promise<Build> {
  const [rack, app] = [call.rack(), call.appName()];
  const deadline = Date.now() + limitMs;
  // What is wrong with the name or the address is not worth any patience.
  let build = await rack.getBuild(app, id);
  while (!isFinalBuild(build)) {
    if (Date.now() >= deadline)
      throw new Error(`build ${id} has not ended within ${limitMs / 1000} seconds: it goes on`);
    call.output.progress(build.state ?? build.status);
    await delay(Math.min(PAUSE_MS, deadline - Date.now()));
    build = await askPatiently(`build ${id}`, () => rack.getBuild(app, id));
  }
  return build;
}

/** `convox builds wait` */
export const buildsWait: CommandDefinition = {
  words: '<id>',
  summary: 'wait until a build has ended; the exit code tells whether it is complete',
  options: [APP_OPTION, { flags: '--timeout <seconds>', description: 'how long to wait (default: to its end)' }],
  examples: ['builds wait BABCDEFGHIJ', 'builds wait BABCDEFGHIJ --timeout 600 && convox releases promote'],
  run: async (call) => {
    const [id = ''] = call.words;
    const timeout = call.text('timeout');
    const limitMs = timeout === undefined ? Infinity : parseCount('--timeout', timeout) * 1000;
    call.output.start(`Waiting for build ${id}`);
    const build = assertComplete(await waitForEnd(call, { id, limitMs }));
    call.output.ok(build.release);
    printResult(call, { json: build.json, text: '' });
  },
};
