import { assertComplete } from '../build/follow-build.js';
import { waitForEnd } from '../build/wait-for-end.js';
import { APP_OPTION, type CommandDefinition, printResult } from '../command.js';
import { parseCount } from '../options/parse-count.js';

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
