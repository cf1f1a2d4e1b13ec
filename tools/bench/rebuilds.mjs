import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { createAppContext, writeManifest } from './app-context.mjs';
import { createBuildah } from './buildah.mjs';
import { buildWithBuildctl } from './buildctl.mjs';
import { writeDockerConfig } from './docker-config.mjs';
import { compare } from './measure.mjs';
import { convox } from './run-program.mjs';
import { startRack } from './start-rack.mjs';

const APP = 'bench';

const CHANGES = [
  { what: 'nothing changed', change: () => {} },
  { what: 'one source file changed', change: (context) => context.changeSource() },
  { what: 'a dependency changed', change: (context) => context.changePackages() },
];

function createPeers(rack, folder) {
  const environment = writeDockerConfig(join(folder, 'docker'), rack);
  const output = `type=image,name=${rack.registryHost}/${APP},push=true,push-by-digest=true,oci-mediatypes=true`;
  const buildctl = { address: rack.buildkitAddress, output, environment };
  const buildah = createBuildah({ folder: join(folder, 'buildah'), rack, environment });
  return [
    { program: 'buildctl', goal: 3, build: (context) => buildWithBuildctl({ ...buildctl, context }) },
    { program: 'buildah bud', goal: 1, build: (context) => buildah.build(context, `${rack.registryHost}/${APP}:peer`) },
  ];
}

/** What somebody waits for who has changed something: the whole command, next to a build and a push of the peer. */
export const rebuilds = {
  name: 'rebuilds',
  title: 'whole convox build of one image after a change, next to build and push with buildctl and with buildah',
  needs: 'buildah',
  run: async ({ folder, rounds, signal }) => {
    const source = join(folder, 'ours');
    mkdirSync(source);
    writeManifest(source, ['web']);
    const ours = createAppContext(join(source, 'web'), 'ours');
    const rack = await startRack(folder, { LAYER_CACHE: 'off' });
    try {
      await convox(rack, ['apps', 'create', APP]);
      const results = [];
      for (const { program, goal, build } of createPeers(rack, folder)) {
        const peer = createAppContext(join(folder, program), program);
        for (const { what, change } of CHANGES) {
          const result = await compare({
            rounds,
            signal,
            ours: async () => {
              change(ours);
              await convox(rack, ['build', source, '--app', APP]);
            },
            peer: async () => {
              change(peer);
              await build(peer.context);
            },
          });
          results.push({ ...result, goal, title: `whole convox build, ${what}, next to ${program} with push` });
        }
      }
      return results;
    } finally {
      await rack.stop();
    }
  },
};
