import { APP_OPTION, type CommandDefinition, printResult } from '../command.js';

/** `convox cache reset` */
export const cacheReset: CommandDefinition = {
  summary:
    'reset the cache of an app: its next build runs every step, with empty cache mounts, and fills the cache anew',
  options: [APP_OPTION],
  examples: ['cache reset', 'cache reset -a shop'],
  run: async (call) => {
    const [rack, app] = [call.rack(), call.appName()];
    call.output.start(`Resetting the cache of ${app}`);
    await rack.resetCache(app);
    call.output.ok();
    if (call.isJson) printResult(call, { json: (await rack.getApp(app)).json, text: '' });
  },
};
