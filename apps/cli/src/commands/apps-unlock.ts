import { APP_OPTION, type CommandDefinition } from '../command.js';
import { lockApp } from '../options/lock-app.js';

/** `convox apps unlock` */
export const appsUnlock: CommandDefinition = {
  words: '[app]',
  summary: 'allow a locked app to be deleted again',
  options: [APP_OPTION],
  examples: ['apps unlock', 'apps unlock shop'],
  run: (call) => lockApp(call, false),
};
