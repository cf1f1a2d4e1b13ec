import { APP_OPTION, type CommandDefinition, printResult } from '../command.js';
import type { Build } from '../http/rack-objects.js';
import { formatRows } from '../terminal/format-table.js';
import { formatAgo, formatElapsed } from '../terminal/format-time.js';

function rowsOf(build: Build): readonly (readonly [string, string])[] {
  return [
    ['Id', build.id],
    ['Status', build.state ?? build.status],
    ...(build.reason === '' ? [] : [['Reason', build.reason] as const]),
    ['Release', build.release],
    ['Description', build.description],
    ['Started', formatAgo(build.started)],
    ['Elapsed', formatElapsed(build.started, build.ended)],
  ];
}

/** `convox builds info` */
export const buildsInfo: CommandDefinition = {
  words: '<id>',
  summary: 'show a build, and why it failed',
  options: [APP_OPTION],
  examples: ['builds info BABCDEFGHIJ'],
  run: async (call) => {
    const build = await call.rack().getBuild(call.appName(), call.words[0] ?? '');
    printResult(call, { json: build.json, text: formatRows(rowsOf(build)) });
  },
};
