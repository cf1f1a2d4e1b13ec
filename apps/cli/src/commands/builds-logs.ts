import { StringDecoder } from 'node:string_decoder';
import { followLog } from '../build/follow-log.js';
import { isFinalBuild } from '../build/is-final-build.js';
import { watchInterrupt } from '../build/watch-interrupt.js';
import { APP_OPTION, type CommandCall, type CommandDefinition } from '../command.js';
import { canAsk } from '../terminal/read-line.js';

function escape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function onIncomplete(message: string): never {
  throw new Error(message);
}

/** Writes the log as a JSON document piece by piece, since it may be too large to be held. */
async function writeJsonLog(
  call: CommandCall,
  id: string,
  follow: (write: (bytes: Buffer) => undefined) => Promise<unknown>,
) {
  const decoder = new StringDecoder('utf8');
  call.output.result(`{"id":${JSON.stringify(id)},"log":"`);
  await follow((bytes) => {
    call.output.result(escape(decoder.write(bytes)));
    return undefined;
  });
  call.output.result(`${escape(decoder.end())}"}\n`);
}

/** Follows a log; on a terminal Ctrl-C asks what is to become of a build that goes on. */
async function writeLog(call: CommandCall, { app, id, isFinal }: { app: string; id: string; isFinal: boolean }) {
  const { output } = call;
  const rack = call.rack();
  const interrupt = !isFinal && canAsk() ? watchInterrupt(rack, { app, id, output }) : undefined;
  const write = interrupt?.log ?? ((bytes: Buffer) => output.log(bytes));
  await followLog(rack, { app, id, write, onIncomplete }).finally(() => interrupt?.stop());
}

/** `convox builds logs` */
export const buildsLogs: CommandDefinition = {
  words: '<id>',
  summary: 'show the log of a build, following it while the build goes on',
  options: [APP_OPTION],
  examples: ['builds logs BABCDEFGHIJ'],
  run: async (call) => {
    const [id = ''] = call.words;
    const [rack, app] = [call.rack(), call.appName()];
    // A rack accepts the log socket of a build that it does not know, so ask first.
    const build = await rack.getBuild(app, id);
    if (call.isJson) return writeJsonLog(call, id, (write) => followLog(rack, { app, id, write, onIncomplete }));
    await writeLog(call, { app, id, isFinal: isFinalBuild(build) });
  },
};
