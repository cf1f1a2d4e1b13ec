import { APP_OPTION, type CommandDefinition, printResult } from '../command.js';

/** `convox releases manifest` */
export const releasesManifest: CommandDefinition = {
  words: '<id>',
  summary: 'show the convox.yml that a release was built from',
  options: [APP_OPTION],
  examples: ['releases manifest RABCDEFGHIJ'],
  run: async (call) => {
    const [id = ''] = call.words;
    const [rack, app] = [call.rack(), call.appName()];
    const release = await rack.getRelease(app, id);
    if (release.build === '') throw new Error(`no build for release: ${id}`);
    const { manifest } = await rack.getBuild(app, release.build);
    printResult(call, {
      json: { id: release.id, build: release.build, manifest },
      text: manifest.endsWith('\n') ? manifest : `${manifest}\n`,
    });
  },
};
