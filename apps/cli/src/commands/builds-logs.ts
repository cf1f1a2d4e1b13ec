import { StringDecoder } from 'node:string_decoder';
import { followLog } from '../build/follow-log.js';
import { APP_OPTION, type CommandCall, type CommandDefinition } from '../command.js';

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
    await rack.getBuild(app, id);
    if (call.isJson) return writeJsonLog(call, id, (write) => followLog(rack, { app, id, write, onIncomplete }));
    await followLog(rack, { app, id, write: (bytes) => call.output.log(bytes), onIncomplete });
  },
};
