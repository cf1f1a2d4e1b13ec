import { APP_OPTION, type CommandDefinition } from '../command.js';
import { lockApp } from '../options/lock-app.js';

/** `convox apps lock` */
export const appsLock: CommandDefinition = {
  words: '[app]',
  summary: 'protect an app: it cannot be deleted until it is unlocked',
  options: [APP_OPTION],
  examples: ['apps lock', 'apps lock shop'],
  run: (call) => lockApp(call, true),
};
