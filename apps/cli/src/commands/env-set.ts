import { APP_OPTION, type CommandDefinition, ID_OPTION } from '../command.js';
import { PROMOTE_OPTION, RELEASE_OPTION, readAppEnvironment, writeAppEnvironment } from '../options/app-environment.js';
import { readPairs } from '../options/read-pairs.js';

/** `convox env set` */
export const envSet: CommandDefinition = {
  words: '[pairs...]',
  summary: 'set variables, in a new release; without pairs, or with "-", also from lines on stdin',
  options: [
    APP_OPTION,
    ID_OPTION,
    PROMOTE_OPTION,
    RELEASE_OPTION,
    { flags: '--replace', description: 'remove every variable that is not given' },
  ],
  examples: ['env set LOG_LEVEL=debug COLOR=blue', 'env set --promote KEY=value', 'env set --replace < .env'],
  run: async (call) => {
    const pairs = await readPairs(call.words);
    const parentId = call.text('release');
    const before = call.flag('replace') ? new Map<string, string>() : await readAppEnvironment(call, parentId);
    await writeAppEnvironment(call, {
      environment: new Map([...before, ...pairs]),
      title: `Setting ${[...pairs.keys()].toSorted().join(', ')}`,
      parentId,
    });
  },
};
