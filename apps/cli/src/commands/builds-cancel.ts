import { APP_OPTION, type CommandDefinition, printResult } from '../command.js';
import { RackError } from '../http/rack-error.js';

function explain(error: unknown): unknown {
  const isUnknownRoute =
    error instanceof RackError && error.status === 404 && error.message.startsWith('response status');
  return isUnknownRoute ? new Error('this rack is too old to cancel builds', { cause: error }) : error;
}

/** `convox builds cancel` */
export const buildsCancel: CommandDefinition = {
  words: '<id>',
  summary: 'cancel a build that is queued or running',
  options: [APP_OPTION],
  examples: ['builds cancel BABCDEFGHIJ'],
  run: async (call) => {
    const [id = ''] = call.words;
    const [rack, app] = [call.rack(), call.appName()];
    call.output.start(`Cancelling build ${id}`);
    await rack.cancelBuild(app, id).catch((error: unknown) => {
      throw explain(error);
    });
    call.output.ok();
    if (call.isJson) printResult(call, { json: (await rack.getBuild(app, id)).json, text: '' });
  },
};
