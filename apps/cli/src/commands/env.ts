import { formatEnvironment } from '@convox-builds/domain';
import { APP_OPTION, type CommandDefinition, printResult, REVEAL_OPTION, WATCH_OPTION } from '../command.js';
import { RELEASE_OPTION, readAppEnvironment } from '../options/app-environment.js';
import { repeatList } from '../options/repeat-list.js';

/** `convox env` */
export const env: CommandDefinition = {
  summary: 'list the environment of the latest release',
  options: [APP_OPTION, RELEASE_OPTION, REVEAL_OPTION, WATCH_OPTION],
  examples: ['env', 'env --release RABCDEFGHIJ'],
  run: async (call) =>
    repeatList(call, async () => {
      const environment = await readAppEnvironment(call, call.text('release'));
      printResult(call, { json: Object.fromEntries(environment), text: `${formatEnvironment(environment)}\n` });
    }),
};
