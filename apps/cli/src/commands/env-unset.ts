import { APP_OPTION, type CommandDefinition, ID_OPTION } from '../command.js';
import { PROMOTE_OPTION, RELEASE_OPTION, readAppEnvironment, writeAppEnvironment } from '../options/app-environment.js';

/** `convox env unset` */
export const envUnset: CommandDefinition = {
  words: '<names...>',
  summary: 'remove variables, in a new release',
  options: [APP_OPTION, ID_OPTION, PROMOTE_OPTION, RELEASE_OPTION],
  examples: ['env unset COLOR', 'env unset --promote A B'],
  run: async (call) => {
    const parentId = call.text('release');
    const before = await readAppEnvironment(call, parentId);
    await writeAppEnvironment(call, {
      environment: new Map([...before].filter(([name]) => !call.words.includes(name))),
      title: `Unsetting ${call.words.toSorted().join(', ')}`,
      parentId,
    });
  },
};
