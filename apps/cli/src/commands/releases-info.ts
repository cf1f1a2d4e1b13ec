import { APP_OPTION, type CommandDefinition, printRows, REVEAL_OPTION } from '../command.js';
import { formatRfc3339 } from '../terminal/format-time.js';

/** `convox releases info` */
export const releasesInfo: CommandDefinition = {
  words: '<id>',
  summary: 'show a release with its environment',
  options: [APP_OPTION, REVEAL_OPTION],
  examples: ['releases info RABCDEFGHIJ'],
  run: async (call) => {
    const release = await call.rack().getRelease(call.appName(), call.words[0] ?? '');
    const rows = [
      ['Id', release.id],
      ['Build', release.build],
      ['Created', formatRfc3339(release.created)],
      ['Description', release.description],
      ['Env', release.environmentText],
    ] as const;
    printRows(call, { json: release.json, rows });
  },
};
