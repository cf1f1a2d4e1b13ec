import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { createAppContext, writeManifest } from './app-context.mjs';
import { buildWithRecipe } from './convox-recipe.mjs';
import { writeDockerConfig } from './docker-config.mjs';
import { compare } from './measure.mjs';
import { convox } from './run-program.mjs';
import { startRack } from './start-rack.mjs';

const APP = 'bench';
const SERVICES = ['web', 'worker', 'mailer', 'clock'];

const createServices = (folder) =>
  SERVICES.map((name) => ({ name, ...createAppContext(join(folder, name), `${folder} ${name}`) }));

/** What a warm worker that builds services at once saves, where each of them has one file changed. */
export const fourServices = {
  name: 'four-services',
  title: 'whole convox build of 4 services, a file of each changed, next to the recipe of Convox',
  goal: 0.5,
  run: async ({ folder, rounds, signal }) => {
    const source = join(folder, 'ours');
    mkdirSync(source);
    writeManifest(source, SERVICES);
    const [ours, peer] = [createServices(source), createServices(join(folder, 'peer'))];
    const rack = await startRack(folder);
    try {
      await convox(rack, ['apps', 'create', APP]);
      const environment = writeDockerConfig(join(folder, 'docker'), rack);
      const image = `${rack.registryHost}/${APP}`;
      return await compare({
        rounds,
        signal,
        ours: async () => {
          for (const service of ours) service.changeSource();
          await convox(rack, ['build', source, '--app', APP]);
        },
        peer: async () => {
          for (const service of peer) service.changeSource();
          await buildWithRecipe({ folder: join(folder, 'fresh'), rack, services: peer, environment, image });
        },
      });
    } finally {
      await rack.stop();
    }
  },
};
