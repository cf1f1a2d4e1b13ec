import { cancelBuild } from '../build/cancel-build.js';
import { APP_OPTION, type CommandCall, type CommandDefinition, printResult } from '../command.js';

/** Cancels what can be cancelled; the others are told, each with its reason. */
async function cancelAll(call: CommandCall, ids: readonly string[]): Promise<void> {
  const [rack, app] = [call.rack(), call.appName()];
  const failures: string[] = [];
  for (const id of ids) {
    call.output.start(`Cancelling build ${id}`);
    try {
      await cancelBuild(rack, { app, id });
      call.output.ok();
    } catch (error) {
      if (ids.length === 1) throw error;
      failures.push(error instanceof Error ? error.message : String(error));
      call.output.end();
    }
  }
  if (failures.length > 0) {
    throw new Error(`${failures.length} of ${ids.length} builds could not be cancelled: ${failures.join('; ')}`);
  }
}

/** `convox builds cancel` */
export const buildsCancel: CommandDefinition = {
  words: '<ids...>',
  summary: 'cancel builds that are queued or running',
  options: [APP_OPTION],
  examples: ['builds cancel BABCDEFGHIJ', 'builds cancel BABCDEFGHIJ BKLMNOPQRST -a shop'],
  run: async (call) => {
    const ids = call.words;
    await cancelAll(call, ids);
    if (!call.isJson) return;
    const builds = await Promise.all(ids.map((id) => call.rack().getBuild(call.appName(), id)));
    const [first] = builds;
    printResult(call, { json: builds.length === 1 ? first?.json : builds.map(({ json }) => json), text: '' });
  },
};
